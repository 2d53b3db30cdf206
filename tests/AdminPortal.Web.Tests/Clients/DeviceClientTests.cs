using System.Text.Json;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Tests.ApiDescription;
using AdminPortal.Web.Tests.Hosting;
using Npgsql;

namespace AdminPortal.Web.Tests.Clients;

/// <summary>The tests of <c>clients/typescript</c> in node's runner, against a running portal.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class DeviceClientTests(ApiPortal portal)
{
    [Theory]
    [InlineData("device", 40)]
    [InlineData("storage", 10)]
    [InlineData("history", 30)]
    [InlineData("docs", 4)]
    public async Task Client_AgainstARunningPortal_PassesItsTests(string name, int people)
    {
        await Build.Value;
        var results = NodeTools.Folder($"client-{name}");
        var persons = new List<object>();
        for (var i = 0; i < people; i++)
        {
            var id = await portal.Portal.AddPersonAsync("Anna");
            persons.Add(new { id, email = await portal.Portal.AddAccountAsync(AccountRole.User, id), password = RunningPortal.Password });
        }

        Directory.GetFiles(results, "*.json").ToList().ForEach(File.Delete);
        await NodeTools.RunAsync("node", ["--test", "--test-reporter=spec", $"typescript/test/{name}.test.mjs"], new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PORTAL_URL"] = portal.Portal.Address.ToString().TrimEnd('/'),
            ["PORTAL_PEOPLE"] = JsonSerializer.Serialize(persons),
            ["PORTAL_RESULTS"] = results,
        });

        foreach (var file in Directory.GetFiles(results, "*.json"))
        {
            await EqualsTheTablesAsync(Path.GetFileNameWithoutExtension(file), JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).RootElement);
        }
    }

    private static readonly Lazy<Task<string>> Build = new(() => NodeTools.RunAsync("tsc", ["--project", "typescript/tsconfig.json"]));

    /// <summary>What the devices show is what the host's tables have.</summary>
    private async Task EqualsTheTablesAsync(string userId, JsonElement rows)
    {
        await using var connection = await portal.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            SELECT id || ' ' || title || ' ' || coalesce(notes, '-') FROM public.tasks WHERE "userId" = $1
            UNION ALL SELECT id || ' ' || coalesce("taskId", '-') FROM public.focus_sessions WHERE "userId" = $1
            """, connection)
        { Parameters = { new NpgsqlParameter { Value = userId } } };
        var inTables = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            inTables.Add(reader.GetString(0));

        var shown = rows.EnumerateArray().Select(row => row.GetProperty("entity").GetString() == "task"
            ? $"{row.GetProperty("id")} {row.GetProperty("fields").GetProperty("title")} {row.GetProperty("fields").GetProperty("notes").GetString() ?? "-"}"
            : $"{row.GetProperty("id")} {row.GetProperty("fields").GetProperty("taskId").GetString() ?? "-"}");
        Assert.Equal(inTables.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }
}
