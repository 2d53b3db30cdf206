using System.ComponentModel.DataAnnotations;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Policies;
using AdminPortal.Web.ApiDescription;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Permissions;

/// <summary>Replaces a device's scopes.</summary>
/// <param name="DeviceId">The device's own id.</param>
/// <param name="Permissions">All that it is to have; an empty list takes everything away.</param>
/// <param name="Reason">Why, for the device's history; at most 500 characters. May be absent.</param>
public sealed record PermissionsRequest([property: Required] string? DeviceId, [property: Required] IReadOnlyList<ScopeEntry?>? Permissions, string? Reason = null);

/// <summary>The scopes that a device has now.</summary>
public sealed record PermissionsAnswer(string DeviceId, IReadOnlyList<ScopeEntry> Permissions);

internal static class PermissionEndpoints
{
    public static void MapPermissions(this IEndpointRouteBuilder api) =>
        api.MapPost("/qr/permissions", ReplaceAsync)
            .RequireAuthorization(Policies.SignedIn)
            .WithTags("Permissions")
            .WithName("replacePermissions").WithSummary("Replace a device's permissions")
            .WithDescription("The owner or an admin; a device can never change its own. FULL_ACCESS, and scopes that a policy names, can be granted by an admin only.")
            .Produces<ApiEnvelope<PermissionsAnswer>>()
            .Problems(400, "invalid-request").Problems(404, "not-found").Problems(409, "device-not-active")
            .WithMetadata(
                new ApiExample(
                    """{"deviceId":"device-123","permissions":["WRITE_NOTES",{"scope":"VIEW_TRANSCRIPT","expiresAt":"2030-01-01T00:00:00Z"}],"reason":"Stands in on ward 3"}""",
                    """{"success":true,"data":{"deviceId":"device-123","permissions":[{"scope":"WRITE_NOTES","expiresAt":null},{"scope":"VIEW_TRANSCRIPT","expiresAt":"2030-01-01T00:00:00Z"}]}}"""),
                ApiExample.Problem(409, "device-not-active", "The device is revoked, expired or quarantined."));

    private static async Task<IResult> ReplaceAsync(
        PermissionsRequest request, HttpContext context, PairedDevices devices, PermissionActs permissions, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.DeviceId) || request.Permissions is null || request.Permissions.Contains(null))
        {
            return ApiResults.Invalid("Send deviceId, and permissions as a list of scopes.");
        }

        var pairingId = await devices.PairingIdAsync(request.DeviceId, cancellationToken);
        if (pairingId is null)
        {
            return NoSuchDevice;
        }

        var entries = request.Permissions.OfType<ScopeEntry>().ToList();
        return await permissions.ReplaceAsync(context.ToActor(), pairingId, [.. entries.Select(e => e.ToGrant())], request.Reason, cancellationToken) switch
        {
            PermissionOutcome.Done => ApiResults.Ok(new PermissionsAnswer(request.DeviceId, entries)),
            PermissionOutcome.NotAllowed { NeedAdmin: { } scopes } => ApiResults.Forbidden(PolicyWords.NeedAdminByName(scopes)),
            PermissionOutcome.NotAllowed => ApiResults.Forbidden("Only the owner or an admin changes a device's permissions."),
            PermissionOutcome.NotActive => ApiResults.Problem(409, "device-not-active", "The device is revoked, expired or quarantined.", "Pair the device again."),
            PermissionOutcome.Invalid invalid => ApiResults.Invalid(invalid.Message),
            _ => NoSuchDevice,
        };
    }

    private static IResult NoSuchDevice => ApiResults.NotFound("There is no such device among those that you may change.");
}
