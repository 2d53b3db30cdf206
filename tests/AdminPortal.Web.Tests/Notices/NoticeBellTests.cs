using AdminPortal.Core.Activity;
using AdminPortal.Core.Notices;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Notices;
using AdminPortal.Testing;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Notices;
using AdminPortal.Web.Tests.Hosting;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace AdminPortal.Web.Tests.Notices;

/// <summary>The bell of a person, fed by a whole portal: outbox, dispatcher, NOTIFY, page.</summary>
public sealed class NoticeBellTests(PostgresCluster cluster) : BunitContext, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private RunningPortal portal = null!;
    private string personId = "";
    private string accountId = "";

    public async ValueTask InitializeAsync()
    {
        portal = await RunningPortal.StartAsync(cluster, TestContext.Current.CancellationToken);
        personId = await portal.AddPersonAsync("Anna");
        var email = await portal.AddAccountAsync(AccountRole.User, personId);
        accountId = (await portal.Services.GetRequiredService<Core.Accounts.AccountDirectory>().ListAsync(
            Actor.CommandLine, email, 0, 1, TestContext.Current.CancellationToken)).Rows[0].Id;
        Services.AddSingleton(portal.Services.GetRequiredService<NoticeInbox>());
        Services.AddSingleton(portal.Services.GetRequiredService<NoticeChanges>());
        Services.AddScoped<CurrentActor>();
        Services.AddSingleton<Core.Accounts.IActorStanding>(new GoodStanding());
        Services.AddSingleton<AuthenticationStateProvider>(new SignedIn(accountId, AccountRole.User));
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        await portal.DisposeAsync();
    }

    [Fact]
    public async Task Bell_NoticeComesWhileThePageIsOpen_CountsItAndSaysItAloud()
    {
        var bell = Render<NoticeBell>();
        bell.WaitForAssertion(() => Assert.Equal("Notices", bell.Find("a").GetAttribute("aria-label")), Patience);
        Assert.Empty(bell.Find("[role=status]").TextContent);
        Assert.Empty(bell.FindAll("[data-testid=unread]"));

        await TellAsync();

        bell.WaitForAssertion(() => Assert.Equal("Notices, 1 unread", bell.Find("a").GetAttribute("aria-label")), Patience);
        Assert.Equal("1", bell.Find("[data-testid=unread]").TextContent);
        Assert.Equal("You have 1 unread notice.", bell.Find("[role=status]").TextContent);
    }

    [Fact]
    public async Task Bell_ReadElsewhere_GoesQuiet()
    {
        await TellAsync();
        var bell = Render<NoticeBell>();
        bell.WaitForAssertion(() => Assert.Equal("1", bell.Find("[data-testid=unread]").TextContent), Patience);

        await portal.Services.GetRequiredService<NoticeInbox>().MarkAllReadAsync(
            new Actor(accountId, null, AccountRole.User, personId, null), long.MaxValue, TestContext.Current.CancellationToken);

        bell.WaitForAssertion(() => Assert.Empty(bell.FindAll("[data-testid=unread]")), Patience);
    }

    [Fact]
    public async Task Bell_AnothersNotice_StaysQuiet()
    {
        var bell = Render<NoticeBell>();
        var other = await portal.AddPersonAsync("Ben");
        await portal.AddAccountAsync(AccountRole.User, other);

        await TellAsync(other);
        await TellAsync();

        bell.WaitForAssertion(() => Assert.Equal("1", bell.Find("[data-testid=unread]").TextContent), Patience);
    }

    private async Task TellAsync(string? person = null)
    {
        await using var db = portal.Services.GetRequiredService<DeviceDatabases>().CreateDbContext();
        db.PendingNotices.Add(new PendingNotice { Kind = NoticeKind.DevicePaired, UserId = person ?? personId, PairingId = "p", DeviceTitle = "Phone", ActorId = "device" });
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    }
}
