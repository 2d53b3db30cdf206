using AdminPortal.Core;
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
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.AddRadzenComponents();
        builder.Services.AddProblemDetails();
    }

    public static void MapPortal(this WebApplication app)
    {
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}
