using System.Net;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using AdminPortal.Web.Tests.Hosting;

namespace AdminPortal.Web.Tests.Layout;

/// <summary>A list whose address holds a filter that cannot be read says which, shows nothing and exports nothing.</summary>
public sealed class UnreadableFilterTests(PostgresCluster cluster) : IAsyncLifetime
{
    private RunningPortal portal = null!;
    private TestBrowser browser = null!;

    public async ValueTask InitializeAsync()
    {
        portal = await RunningPortal.StartAsync(cluster, TestContext.Current.CancellationToken);
        browser = portal.Browse();
        await browser.SignInAsync(AccountRole.Admin);
    }

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task Page_EveryFilterOfEveryList_NamesThePartAndOffersNoExport()
    {
        foreach (var (page, filter) in Filters)
        {
            var readable = await PageAsync($"/{page}");
            var unreadable = await PageAsync($"/{page}?search=anna&{filter}");

            Assert.True(readable.Contains("skeleton", StringComparison.Ordinal) && !readable.Contains("cannot be read", StringComparison.Ordinal), page);
            Assert.True(unreadable.Contains($"<code>{filter}</code>", StringComparison.Ordinal), $"{page}?{filter} does not name the part");
            Assert.True(!unreadable.Contains("skeleton", StringComparison.Ordinal), $"{page}?{filter} still shows the list");
            Assert.True(!unreadable.Contains(".csv", StringComparison.Ordinal), $"{page}?{filter} still offers the export");
        }
    }

    [Fact]
    public async Task Page_TwoFiltersThatCannotBeRead_NamesBoth()
    {
        var page = await PageAsync("/devices?state=bogus&seen=lately&type=tablet");

        Assert.Contains("<code>state=bogus</code>", page, StringComparison.Ordinal);
        Assert.Contains("<code>seen=lately</code>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("type=tablet</code>", page, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Page, string Filter)> Filters =>
    [
        ("devices", "state=bogus"), ("devices", "state=active,revoked"), ("devices", "type=7"), ("devices", "scope=everything"), ("devices", "seen=lately"),
        ("devices", "paired=over-0d"), ("users", "devices=7"), ("users", "sync=yesterday"), ("sync", "verdict=fine"), ("activity", "from=monday"),
        ("activity", "to=2026-02-30"), ("activity", "outcome=maybe"), ("alerts", "show=bogus"), ("notices", "show=bogus"), ("permissions", "tab=bogus"),
    ];

    private async Task<string> PageAsync(string address)
    {
        var answer = await browser.GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
