using AdminPortal.Web.DevicePolicies;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Layout;
using Bunit;

namespace AdminPortal.Web.Tests.DevicePolicies;

/// <summary>Every page of settings is reached by links: from the navigation to Settings, and from there.</summary>
public sealed class SettingsPageTests : BunitContext
{
    [Fact]
    public void Settings_StandInTheNavigation_AndLeadToEachPageOfTheirs()
    {
        var shown = PortalPages.InGroups(PortalPages.All).SelectMany(section => section).Select(page => page.Address).ToList();
        this.AddAuthorization().SetAuthorized("admin").SetPolicies(Policies.Admin);
        var links = Render<SettingsPage>().FindAll("a").Select(a => a.GetAttribute("href")).ToList();

        Assert.Contains("/settings", shown);
        Assert.Contains("/mail", links);
        Assert.All(PortalPages.All.Where(p => p.Address.StartsWith("/settings/", StringComparison.Ordinal)), page => Assert.Contains(page.Address, links));
    }
}
