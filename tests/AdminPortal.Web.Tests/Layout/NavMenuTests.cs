using System.Security.Claims;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Layout;
using Bunit;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Layout;

/// <summary>The menu of each role: few entries in view, the group of the page unfolded, each with an icon of its own.</summary>
public sealed class NavMenuTests : BunitContext
{
    [Theory]
    [InlineData(AccountRole.User, "/", 5, 0)]
    [InlineData(AccountRole.Support, "/", 4, 4)]
    [InlineData(AccountRole.Admin, "/backups/of-yesterday", 8, 4)]
    [InlineData(AccountRole.Admin, "/accounts", 8, 4)]
    public void Menu_OfEachRole_HasFewEntriesInView(AccountRole role, string path, int inView, int groups)
    {
        var menu = Show(role, path);

        Assert.Equal(inView, menu.FindAll(".nav > ul a, .nav details[open] a").Count);
        Assert.InRange(inView, 1, PortalPages.Most);
        Assert.Equal(groups, menu.FindAll(".nav details").Count);
        Assert.InRange(menu.FindAll(".nav details[open]").Count, 0, 1);
        Assert.All(menu.FindAll(".nav details"), group => Assert.InRange(group.QuerySelectorAll("a").Length, 1, PortalPages.Most - 4));
    }

    [Theory]
    [InlineData(AccountRole.User, "Overview, My devices, Pair a device, Permissions")]
    [InlineData(AccountRole.Admin, "Overview, Devices, Users, Sync status")]
    public void Quick_HasTheFourMostUsed(AccountRole role, string titles) =>
        Assert.Equal(titles, string.Join(", ", Show(role, "/").FindAll(".quick a").Select(a => a.TextContent)));

    [Fact]
    public void Menu_EachEntry_HasAnIconOfItsOwn() =>
        Assert.Distinct(PortalPages.InGroups(PortalPages.All).SelectMany(group => group).Select(page => page.Icon));

    private IRenderedComponent<NavMenu> Show(AccountRole role, string path)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        var authorization = this.AddAuthorization();
        authorization.SetAuthorized("somebody");
        authorization.SetPolicies([Policies.SignedIn, .. role == AccountRole.User ? [] : new[] { Policies.SeesEveryone }, .. role == AccountRole.Admin ? [Policies.Admin] : Array.Empty<string>()]);
        Services.GetRequiredService<Bunit.TestDoubles.BunitNavigationManager>().NavigateTo(path);
        var visitor = Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity("test"))));
        return Render<NavMenu>(parameters => parameters.AddCascadingValue(visitor));
    }
}
