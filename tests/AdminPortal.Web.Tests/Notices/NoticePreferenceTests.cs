using AdminPortal.Core.Activity;
using AdminPortal.Core.Notices;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Notices;

/// <summary>The choice on the account page, by the form that a browser sends.</summary>
public sealed class NoticePreferenceTests(PostgresCluster cluster)
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Save_BoxNotTickedAndTickedAgain_SwitchesMailOffAndOnForOneselfOnly()
    {
        await using var portal = await RunningPortal.StartAsync(cluster, None);
        var browser = portal.Browse();
        await browser.SignInAsync(AccountRole.User);
        Assert.True(await ByMailAsync(portal, AccountRole.User));

        Assert.Contains("Notices stay on these pages.", await SaveAsync(browser), StringComparison.Ordinal);
        Assert.False(await ByMailAsync(portal, AccountRole.User));
        Assert.True(await ByMailAsync(portal, AccountRole.Admin));

        Assert.Contains("Notices come by mail too.", await SaveAsync(browser, "ByMail"), StringComparison.Ordinal);
        Assert.True(await ByMailAsync(portal, AccountRole.User));
    }

    private static async Task<string> SaveAsync(TestBrowser browser, params string[] ticked)
    {
        var fields = await browser.OpenFormAsync("/account");
        fields["_handler"] = "notices-by-mail"; // the page has two forms
        foreach (var box in ticked)
            fields[box] = "true";
        using var form = new FormUrlEncodedContent(fields);
        return await (await browser.SendAsync(HttpMethod.Post, "/account", form)).Content.ReadAsStringAsync(None);
    }

    private static async Task<bool> ByMailAsync(RunningPortal portal, AccountRole role) =>
        (await portal.Services.GetRequiredService<NoticePreferences>().FindAsync(new Actor(portal.Ids[role], null, role, null, null), None))!.ByMail;
}
