using System.Net;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Activity;
using AdminPortal.Testing;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Activity;

/// <summary><c>/activity.csv</c> over HTTP: who gets which lines, what is in them, and that it is recorded.</summary>
public sealed class ActivityExportTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private RunningPortal portal = null!;

    public async ValueTask InitializeAsync() => portal = await RunningPortal.StartAsync(cluster, None);

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task Export_ByStaff_GivesFilteredLinesWithoutFormulasAndIsRecorded()
    {
        var person = await portal.AddPersonAsync("Anna, the \"first\"");
        await AddEventAsync(person, DeviceEventKind.Revoked, "=HYPERLINK(\"http://x\")");
        await AddEventAsync(person, DeviceEventKind.Renamed, null);

        var answer = await GetAsync(AccountRole.Support, $"/activity.csv?user={person}&kind=revoked");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        var lines = (await answer.Content.ReadAsStringAsync(None)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains(",Revoked,done,The device,", lines[1], StringComparison.Ordinal);
        Assert.Contains("\"Anna, the \"\"first\"\"\",\"'=HYPERLINK(\"\"http://x\"\")\"", lines[1], StringComparison.Ordinal);
        var recorded = await LastExportAsync();
        Assert.Equal((portal.Ids[AccountRole.Support], "ok"), (recorded.ActorId, recorded.Outcome));
        Assert.StartsWith("1 lines: /activity?kind=revoked&user=", recorded.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_ByAUser_GivesNothingOfOthers()
    {
        await AddEventAsync(await portal.AddPersonAsync("Ben"), DeviceEventKind.Revoked, "a secret of Ben");

        var text = await (await GetAsync(AccountRole.User, "/activity.csv")).Content.ReadAsStringAsync(None);

        Assert.DoesNotContain("Ben", text, StringComparison.Ordinal);
        Assert.Contains("Signed in", text, StringComparison.Ordinal);
        Assert.DoesNotContain("admin@example.org", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_DeviceDatabaseAway_GivesNoPartForTheWhole()
    {
        await using var half = await RunningPortal.StartAsync(
            cluster, None, settings: new() { ["Portal:Targets:main:ConnectionString"] = RunningPortal.NoDatabase, ["Portal:Targets:main:OwnerConnectionString"] = null });
        var browser = half.Browse();
        await browser.SignInAsync(AccountRole.Admin);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await browser.GetAsync("/activity.csv")).StatusCode);
    }

    [Theory]
    [InlineData("from=yesterday")]
    [InlineData("to=2026-02-30")]
    [InlineData("outcome=7")]
    public async Task Export_FilterThatCannotBeRead_GivesNothing(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await GetAsync(AccountRole.Admin, $"/activity.csv?{query}")).StatusCode);

    private async Task<HttpResponseMessage> GetAsync(AccountRole role, string path)
    {
        var browser = portal.Browse();
        await browser.SignInAsync(role);
        return await browser.GetAsync(path);
    }

    private async Task AddEventAsync(string person, string kind, string? reason)
    {
        await using var db = portal.Services.GetRequiredService<DeviceDatabases>().CreateDbContext();
        db.DeviceEvents.Add(new DeviceEvent { Kind = kind, UserId = person, ActorId = "device", Reason = reason });
        await db.SaveChangesAsync(None);
    }

    private async Task<AuditEvent> LastExportAsync()
    {
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(None);
        return await db.AuditEvents.Where(e => e.Action == "activity.exported").OrderByDescending(e => e.Id).FirstAsync(None);
    }
}
