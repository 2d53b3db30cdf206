using System.Net;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Activity;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static AdminPortal.Web.Tests.Pairing.PairingCalls;

namespace AdminPortal.Web.Tests.Devices;

/// <summary>The lists as CSV files: what was filtered and no more, harmless in a spreadsheet, and on the record.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class ListExportTests(ApiPortal portal)
{
    [Fact]
    public async Task Devices_OfAFilter_AreItsRowsAndNoOther()
    {
        var support = await portal.NewPersonAsync(AccountRole.Support);
        var owner = await portal.Portal.AddPersonAsync("=HYPERLINK(\"http://example.org\"), Anna");
        var mark = NewDeviceId() + "-csv";
        await portal.Portal.AddDeviceAsync(owner, $"{mark}-a", p => p.DeviceName = "+1, \"phone\"");
        await portal.Portal.AddDeviceAsync(owner, $"{mark}-b", p => p.IsActive = false);
        await portal.Portal.AddDeviceAsync(owner, NewDeviceId());

        var answer = await support.Api.GetAsync($"/devices.csv?search={mark}&state=active");

        Assert.Equal((HttpStatusCode.OK, "text/csv"), (answer.Status, answer.ContentType));
        var lines = answer.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("Pairing id,Device id,Name,Kind,Person,", lines[0], StringComparison.Ordinal);
        var line = Assert.Single(lines.Skip(1));
        Assert.Contains($"{mark}-a,\"'+1, \"\"phone\"\"\",iPhone,\"'=HYPERLINK(\"\"http://example.org\"\"), Anna\",", line, StringComparison.Ordinal);
        Assert.Contains(",active,", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Devices_Exported_IsOnTheRecordWithFilterAndCount()
    {
        var support = await portal.NewPersonAsync(AccountRole.Support);
        var mark = NewDeviceId() + "-record";
        await portal.Portal.AddDeviceAsync(await portal.Portal.AddPersonAsync(), mark);

        await support.Api.GetAsync($"/devices.csv?search={mark}");

        var events = await EventsAsync("devices.exported", mark);
        Assert.Equal(["started", "ok"], events.Select(e => e.Outcome));
        Assert.Equal($"1 lines: search “{mark}”", events[1].Reason);
        Assert.Equal(nameof(AccountRole.Support), events[0].ActorRole);
    }

    [Fact]
    public async Task Users_OfAFilter_AreItsRowsAndOnTheRecord()
    {
        var support = await portal.NewPersonAsync(AccountRole.Support);
        var mark = NewDeviceId() + "-user";
        await portal.Portal.AddPersonAsync($"@{mark}");

        var answer = await support.Api.GetAsync($"/users.csv?search={mark}&devices=none");

        Assert.Equal("text/csv", answer.ContentType);
        Assert.Contains($",'@{mark},", Assert.Single(answer.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1)), StringComparison.Ordinal);
        Assert.Equal("ok", (await EventsAsync("users.exported", mark))[^1].Outcome);
    }

    [Theory]
    [InlineData("/devices.csv?state=asleep")]
    [InlineData("/devices.csv?scope=EVERYTHING")]
    [InlineData("/devices.csv?seen=lately")]
    [InlineData("/users.csv?devices=7")]
    [InlineData("/users.csv?sync=yesterday")]
    public async Task Export_OfAFilterThatCannotBeRead_IsRefusedAndNotWidened(string address)
    {
        var support = await portal.NewPersonAsync(AccountRole.Support);

        Assert.Equal(HttpStatusCode.BadRequest, (await support.Api.GetAsync(address)).Status);
    }

    private async Task<List<AuditEvent>> EventsAsync(string action, string mark)
    {
        await using var db = await portal.Portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        return await db.AuditEvents.Where(e => e.Action == action && e.Reason!.Contains(mark)).OrderBy(e => e.Id).ToListAsync(TestContext.Current.CancellationToken);
    }
}
