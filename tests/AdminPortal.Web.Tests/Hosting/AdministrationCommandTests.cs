using System.Text.Json;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>What an operator does without a browser, while the portal runs.</summary>
public sealed class AdministrationCommandTests(PostgresCluster cluster) : IAsyncLifetime
{
    private RunningPortal portal = null!;

    public async ValueTask InitializeAsync() => portal = await RunningPortal.StartAsync(cluster, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task Accounts_AreListedAndChanged()
    {
        var user = RunningPortal.EmailOf(AccountRole.User);

        var refused = await ObjectAsync(ExitCodes.Refused, "accounts", "role", "--email", RunningPortal.EmailOf(AccountRole.Admin), "--role", "User");
        await ObjectAsync(ExitCodes.Done, "accounts", "role", "--email", user, "--role", "Support");
        await ObjectAsync(ExitCodes.Done, "accounts", "disable", "--email", user);
        var accounts = (await ObjectAsync(ExitCodes.Done, "accounts", "list", "--search", "user@")).GetProperty("accounts");
        await ObjectAsync(ExitCodes.Done, "accounts", "enable", "--email", user);
        var (_, link, _) = await RunAsync("accounts", "reset", "--email", user);
        var unknown = await ObjectAsync(ExitCodes.Failed, "accounts", "unlock", "--email", "nobody@example.org");

        Assert.Equal("refused", refused.GetProperty("result").GetString());
        Assert.Contains("last enabled account", refused.GetProperty("messages")[0].GetString(), StringComparison.Ordinal);
        var account = Assert.Single(accounts.EnumerateArray());
        Assert.Equal((user, "support", "disabled"), (Text(account, "email"), Text(account, "role"), Text(account, "state")));
        Assert.StartsWith("http", link, StringComparison.Ordinal);
        Assert.Contains("no account for nobody@example.org", unknown.GetProperty("messages")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Devices_AreFoundQuarantinedReleasedAndRevoked()
    {
        var person = await portal.AddPersonAsync();
        await portal.AddDeviceAsync(person, "command-1");
        await portal.AddDeviceAsync(person, "command-2");

        await ObjectAsync(ExitCodes.Done, "devices", "quarantine", "--device", "command-1", "--reason", "Lost on the bus");
        var quarantined = (await ObjectAsync(ExitCodes.Done, "devices", "find", "--state", "Quarantined")).GetProperty("devices");
        await ObjectAsync(ExitCodes.Done, "devices", "release", "--device", "command-1");
        await ObjectAsync(ExitCodes.Refused, "devices", "release", "--device", "command-1");
        await ObjectAsync(ExitCodes.Done, "devices", "revoke", "--device", "command-2");
        var (exitCode, table, _) = await RunAsync("devices", "find");
        await ObjectAsync(ExitCodes.Failed, "devices", "revoke", "--device", "command-3");

        Assert.Equal("command-1", Text(Assert.Single(quarantined.EnumerateArray()), "deviceId"));
        Assert.Equal(ExitCodes.Done, exitCode);
        Assert.Matches("Device id +Name +Person +State", table);
        Assert.Matches("command-1 .* Active ", table);
        Assert.Matches("command-2 .* Revoked ", table);
    }

    [Fact]
    public async Task RunsAndJobs_AreListed()
    {
        Assert.Equal(0, (await ObjectAsync(ExitCodes.Done, "runs", "list")).GetProperty("runs").GetArrayLength());
        await ObjectAsync(ExitCodes.Failed, "runs", "show", "--run", "none");
        await ObjectAsync(ExitCodes.Failed, "runs", "stop", "--run", "none");

        var jobs = (await ObjectAsync(ExitCodes.Done, "jobs", "list")).GetProperty("jobs").EnumerateArray().ToList();
        await ObjectAsync(ExitCodes.Refused, "jobs", "stop", "--job", Text(jobs[0], "name")!);

        Assert.All(jobs, job => Assert.NotEqual("", Text(job, "schedule")));
    }

    private static string? Text(JsonElement thing, string name) => thing.GetProperty(name).GetString();

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args) => PortalProgram.RunAsync(args, databases: portal.Databases);

    /// <summary>What a script reads.</summary>
    private async Task<JsonElement> ObjectAsync(int expected, params string[] args)
    {
        var (exitCode, output, error) = await RunAsync([.. args, "--json"]);
        Assert.True(exitCode == expected, $"{string.Join(' ', args)}: {exitCode} {output} {error}");
        return JsonDocument.Parse(output).RootElement;
    }
}
