using AdminPortal.Core.Accounts;
using AdminPortal.Core.SampleData;
using AdminPortal.Core.Targets;
using AdminPortal.Web.SignInProviders;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Hosting;

/// <summary>
/// What a start does between building the portal and listening: migrate its database (and the embedded targets), make the
/// first account, put in sample data.
/// </summary>
internal static class FirstSteps
{
    private const string EmailVariable = "PORTAL_ADMIN_EMAIL";
    private const string PasswordVariable = "PORTAL_ADMIN_PASSWORD";
    private const string DefaultEmail = "admin@localhost";

    /// <returns>The lines that tell how to sign in, printed under the address.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(WebApplication app, ServeOptions options, string dataFolder, CancellationToken cancellationToken)
    {
        ValidateOptions(app.Services);
        var embedded = app.Configuration.GetValue<bool>(EmbeddedConfiguration.EmbeddedKey);
        await app.Services.GetRequiredService<PortalDatabase>().MigrateAsync(cancellationToken);
        if (embedded)
        {
            await app.Services.GetRequiredService<ManagedDatabase>().MigrateAtStartAsync(app.Services.GetRequiredService<DeviceDatabases>().Names, cancellationToken);
        }

        var lines = new List<string>();
        var samples = app.Services.GetRequiredService<SampleDataSet>();
        lines.AddRange(await FirstAdminAsync(app.Services, dataFolder, cancellationToken));
        lines.AddRange(await BreakGlass.LinesAsync(app.Services, cancellationToken));
        if (embedded && await IsMainReadyAsync(app.Services, cancellationToken))
        {
            lines.AddRange(await SamplePeopleAsync(samples, options, dataFolder, cancellationToken));
        }

        return lines;
    }

    private static async Task<bool> IsMainReadyAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var databases = services.GetRequiredService<DeviceDatabases>();
        return await TargetAvailability.CheckAsync(databases, databases.PrimaryName, cancellationToken) is TargetAvailability.Ready;
    }

    private static async Task<IReadOnlyList<string>> SamplePeopleAsync(
        SampleDataSet samples, ServeOptions options, string dataFolder, CancellationToken cancellationToken)
    {
        if (!SampleAccountsFile.Exists(dataFolder) && await samples.ExistsAsync(cancellationToken))
        {
            return ["Sample people are in the database, and the file with their passwords is gone. ./portal sample clear removes them."];
        }

        var isNew = !SampleAccountsFile.Exists(dataFolder);
        var people = await SampleAccountsFile.ReadOrCreateAsync(dataFolder, cancellationToken);
        if (!options.Empty)
        {
            await samples.CreateAsync(people, cancellationToken);
        }

        if (!await samples.ExistsAsync(cancellationToken))
        {
            return [];
        }

        // Once: what is printed at every start ends in logs.
        return isNew
            ? ["Sample people, for trying only (remove them on the Overview page, or with ./portal sample clear):",
                .. people.Select(p => $"  {p.Role,-8} {p.Email,-24} {p.Password}")]
            : [$"Sample people are there, for trying only; their passwords are in {SampleAccountsFile.PathIn(dataFolder)}."];
    }

    /// <summary>Before the first use of any, so that a wrong setting is named instead of met half-way.</summary>
    private static void ValidateOptions(IServiceProvider services) => services.GetRequiredService<IStartupValidator>().Validate();

    public static string PasswordFileIn(string dataFolder) => Path.Combine(dataFolder, "first-admin.txt");

    private static async Task<IReadOnlyList<string>> FirstAdminAsync(IServiceProvider services, string dataFolder, CancellationToken cancellationToken)
    {
        var file = PasswordFileIn(dataFolder);
        var email = Environment.GetEnvironmentVariable(EmailVariable) is { Length: > 0 } configured ? configured : DefaultEmail;
        var password = Environment.GetEnvironmentVariable(PasswordVariable);
        switch (await services.GetRequiredService<FirstAdmin>().EnsureAsync(email, password, cancellationToken))
        {
            case FirstAdminOutcome.Created when !string.IsNullOrEmpty(password):
                return [$"Sign in as {email} with the password in {PasswordVariable}."];
            case FirstAdminOutcome.Created created:
                await SecretFile.WriteAsync(file, $"{created.Email}{Environment.NewLine}{created.Password}{Environment.NewLine}", cancellationToken);
                return [$"Sign in as {created.Email} with the password {created.Password}", $"  (shown this once; you choose another when you sign in, and {file} goes then)"];
            case FirstAdminOutcome.Refused refused:
                throw new CommandFailedException($"The first administrator could not be made: {refused.Message} Set {EmailVariable} and {PasswordVariable}.");
            default:
                return File.Exists(file) ? [$"Sign in as the administrator; the first password is in {file}."] : [];
        }
    }
}
