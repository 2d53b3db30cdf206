using AdminPortal.Core;
using AdminPortal.Web.Accounts;
using AdminPortal.Web.Devices;
using AdminPortal.Web.Layout;
using Radzen;

namespace AdminPortal.Web.Hosting;

/// <summary>The composition of the portal: which services it has, and in which order a request meets them.</summary>
internal static class PortalApp
{
    public static void AddPortal(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddPortalCore();
        builder.Services.AddPortalSecurity();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddRadzenComponents();
        builder.Services.AddScoped<CurrentActor>();
        builder.Services.AddScoped<Notices>();
        builder.Services.AddScoped<DeviceDialogs>();
    }

    public static void MapPortal(this WebApplication app)
    {
        app.UseWhen(context => !ApiProblem.IsApi(context), pages => pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
        app.UsePortalSecurity();
        app.MapStaticAssets().AllowAnonymous();
        app.MapAuthApi();
        app.MapSignOut();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}
