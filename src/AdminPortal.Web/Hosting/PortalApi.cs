using AdminPortal.Web.Accounts;
using AdminPortal.Web.Devices;
using AdminPortal.Web.Health;
using AdminPortal.Web.Introspection;
using AdminPortal.Web.Pairing;
using AdminPortal.Web.Permissions;
using AdminPortal.Web.Sync;
using Microsoft.AspNetCore.Mvc;

namespace AdminPortal.Web.Hosting;

/// <summary>The HTTP API: every endpoint under <c>/api</c>, with what holds for all of them.</summary>
internal static class PortalApi
{
    /// <summary>The largest body that pairing and its neighbours accept, in bytes.</summary>
    private const int BodyLimit = 8 * 1024;

    public static void MapPortalApi(this IEndpointRouteBuilder app)
    {
        app.MapAuthApi();
        var api = app.MapGroup("/api").WithMetadata(new RequestSizeLimitAttribute(BodyLimit));
        api.MapPairingSessions();
        api.MapDeviceList();
        api.MapPermissions();
        api.MapIntrospection();
        api.MapAuthorize();
        var devices = api.MapDeviceApi();
        devices.MapPairing();
        devices.MapDevices();
        devices.MapDeviceSelf();
        devices.MapSync();
        devices.MapPermissionRequests();
        devices.MapHealth();
    }
}
