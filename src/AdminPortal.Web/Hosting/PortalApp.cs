using AdminPortal.Core;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Secrets;
using AdminPortal.Web.Accounts;
using AdminPortal.Web.Activity;
using AdminPortal.Web.Alerts;
using AdminPortal.Web.ApiDescription;
using AdminPortal.Web.Backups;
using AdminPortal.Web.Bulk;
using AdminPortal.Web.Devices;
using AdminPortal.Web.Health;
using AdminPortal.Web.Introspection;
using AdminPortal.Web.Layout;
using AdminPortal.Web.Migrations;
using AdminPortal.Web.Monitoring;
using AdminPortal.Web.Pairing;
using AdminPortal.Web.Permissions;
using AdminPortal.Web.Runs;
using AdminPortal.Web.Scim;
using AdminPortal.Web.SignInProviders;
using AdminPortal.Web.Sync;
using AdminPortal.Web.Users;
using AdminPortal.Web.Verification;
using Microsoft.AspNetCore.Http.HttpResults;
using MudBlazor.Services;

namespace AdminPortal.Web.Hosting;

/// <summary>The composition of the portal: which services it has, and in which order a request meets them.</summary>
internal static class PortalApp
{
    public static void AddPortal(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseStaticWebAssets();
        if (!builder.Environment.IsDevelopment())
        {
            // What was built is what is served. Else a file whose time is not that of the build's manifest, as of packages, is packed anew for every answer, without being made smaller.
            builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        }

        builder.Services.AddPortalCore();
        builder.Services.AddKeyEncryption(builder.Configuration);
        builder.Services.AddPortalSecurity(builder.Configuration);
        builder.Services.AddDeviceApi();
        builder.Services.AddSingleton<SyncLimit>();
        builder.Services.AddSingleton<SyncLog>();
        builder.Services.AddSingleton<Drain>();
        builder.Services.AddPortalHealth();
        builder.Services.AddHostedService<MetricsExport>();
        builder.Services.AddSingleton<IAuditSink, AuditExport>();
        builder.Services.AddApiDocument();
        builder.Services.AddScoped<CurrentActor>();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddMudServices(mud => Messages.Configure(mud.SnackbarConfiguration));
        builder.Services.AddSingleton<ThemeSheet>();
        builder.Services.AddScoped<Dialogs>();
        builder.Services.AddScoped<Messages>();
        builder.Services.AddTransient<OneAct>();
        builder.Services.AddTransient<FreshAsk>();
        builder.Services.AddPasskeys();
        builder.Services.AddScoped<PageAddress>();
        builder.Services.AddScoped<DeviceDialogs>();
        builder.Services.AddScoped<PairingLinkDialogs>();
        builder.Services.AddScoped<BulkStarts>();
        builder.Services.AddScoped<RunDialogs>();
        builder.Services.AddScoped<VerificationActs>();
        builder.Services.AddScoped<AlertDialogs>();
        builder.Services.AddScoped<MigrationDialogs>();
        builder.Services.AddScoped<PermissionDialogs>();
    }

    public static void MapPortal(this WebApplication app)
    {
        app.UseRequestLog();
        app.UsePortalSecurity();
        app.MapStaticAssets().AllowAnonymous().ShortCircuit(); // before the sign-in is looked up: a file needs no database
        ThemeSheet.Map(app);
        ProbeEndpoints.Map(app);
        app.MapPortalApi();
        AuthorizationServerMetadata.Map(app);
        app.MapScim();
        app.MapApiDocument();
        app.MapSignOut();
        app.MapProviders();
        app.MapPasskeys();
        app.MapDeviceExport();
        app.MapUserExport();
        app.MapSyncExport();
        app.MapActivityExport();
        app.MapBackupDownload();
        app.MapGet(PairThisDevice.Address, () => new RazorComponentResult<PairThisDevice>()).AllowAnonymous().ExcludeFromDescription();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(CircuitConnection.Configure).RequireAuthorization(Policies.SignedIn); // the circuits' endpoints too
    }
}
