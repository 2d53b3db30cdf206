using System.Security.Cryptography;
using System.Text.Json;
using AdminPortal.Core.SampleData;
using AdminPortal.Data.Accounts;

namespace AdminPortal.Web.Hosting;

/// <summary>The passwords of the sample people: random per data folder, so that no portal in the world shares them.</summary>
internal static class SampleAccountsFile
{
    public static bool Exists(string dataFolder) => File.Exists(PathIn(dataFolder));

    public static async Task<IReadOnlyList<SampleAccount>> ReadOrCreateAsync(string dataFolder, CancellationToken cancellationToken)
    {
        var path = PathIn(dataFolder);
        if (File.Exists(path))
        {
            await using var stream = File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync<List<SampleAccount>>(stream, cancellationToken: cancellationToken) ?? [];
        }

        List<SampleAccount> people =
        [
            new(AccountRole.Admin, SampleDataSet.AdminEmail, Password()),
            new(AccountRole.Support, SampleDataSet.SupportEmail, Password()),
            new(AccountRole.User, SampleDataSet.UserEmail, Password()),
        ];
        await SecretFile.WriteAsync(path, JsonSerializer.Serialize(people), cancellationToken);
        return people;
    }

    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, "sample-accounts.json");

    private static string Password() =>
        string.Join('-', Enumerable.Range(0, 3).Select(_ => RandomNumberGenerator.GetString("bcdfghjkmnpqrstvwxyz23456789", 5)));
}
