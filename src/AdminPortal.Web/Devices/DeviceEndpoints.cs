using AdminPortal.Core.Devices;
using AdminPortal.Data.Devices;
using AdminPortal.Web.ApiDescription;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Permissions;

namespace AdminPortal.Web.Devices;

/// <summary>A paired device; times in UTC, permissions as they are in force now.</summary>
/// <param name="Id">The pairing's id; <paramref name="DeviceId"/> is the device's own.</param>
public sealed record PairedDeviceAnswer(
    string Id, string DeviceId, DeviceType DeviceType, string? DeviceName, bool IsActive, DateTime ExpiresAt, DateTime LastSeenAt,
    DateTime CreatedAt, IReadOnlyList<ScopeEntry> Permissions);

/// <param name="DeviceId">The device whose pairing has ended.</param>
/// <param name="AlreadyEnded">True when it had ended before this call.</param>
public sealed record RevokedAnswer(string DeviceId, bool AlreadyEnded);

internal static class DeviceEndpoints
{
    public static void MapDevices(this IEndpointRouteBuilder api)
    {
        var pair = api.MapGroup("/qr/pair").RequireAuthorization(Policies.PersonOrDevice).WithTags("Devices");
        pair.MapGet("", OwnAsync).WithName("listPairedDevices").WithSummary("List paired devices")
            .WithDescription("A device sees itself; a person sees all of their own.")
            .Produces<ApiEnvelope<IReadOnlyList<PairedDeviceAnswer>>>()
            .WithMetadata(
                new ApiExample(null, """
                    {"success":true,"data":[{"id":"01a20412f3127aedbf29a2c73242fdb1","deviceId":"device-123","deviceType":"MOBILE_IOS","deviceName":"Ward phone","isActive":true,"expiresAt":"2030-03-01T08:00:00Z","lastSeenAt":"2030-01-01T08:00:00Z","createdAt":"2029-12-01T08:00:00Z","permissions":[{"scope":"WRITE_NOTES","expiresAt":null}]}]}
                    """),
                ApiExample.Problem(401, "device-revoked", "This device's pairing was ended."));
        pair.MapDelete("/{id}", RevokeAsync).WithName("endPairing").WithSummary("End a pairing")
            .WithDescription("id is the deviceId. The owner, an admin, or the device itself (\"sign out\"). Holds from the device's next request on.")
            .Produces<ApiEnvelope<RevokedAnswer>>()
            .Problems(400, "invalid-request").Problems(404, "not-found")
            .WithMetadata(new ApiExample(null, """{"success":true,"data":{"deviceId":"device-123","alreadyEnded":false}}"""));
    }

    private static async Task<IResult> OwnAsync(HttpContext context, PairedDevices devices, CancellationToken cancellationToken)
    {
        IReadOnlyList<PairedDeviceRow> rows = context.Features.Get<DeviceTokenOutcome.Valid>() is { } itself
            ? [itself.Device]
            : context.ToActor().UserId is { } userId ? await devices.OfUserAsync(userId, cancellationToken) : [];
        return ApiResults.Ok<IReadOnlyList<PairedDeviceAnswer>>([.. rows.Select(Answer)]);
    }

    private static async Task<IResult> RevokeAsync(
        string id, HttpContext context, PairedDevices devices, DeviceActs acts, string? reason, CancellationToken cancellationToken)
    {
        var pairingId = await devices.PairingIdAsync(id, cancellationToken);
        return (pairingId is null ? new DeviceActOutcome.NotFound() : await acts.RevokeAsync(context.ToActor(), pairingId, reason, cancellationToken)) switch
        {
            DeviceActOutcome.Done => ApiResults.Ok(new RevokedAnswer(id, AlreadyEnded: false)),
            DeviceActOutcome.AlreadyEnded => ApiResults.Ok(new RevokedAnswer(id, AlreadyEnded: true)),
            DeviceActOutcome.NotAllowed => ApiResults.Forbidden("Only the owner, an admin or the device itself ends a pairing."),
            DeviceActOutcome.Invalid invalid => ApiResults.Invalid(invalid.Message),
            _ => ApiResults.NotFound("There is no such device among those that you may end."),
        };
    }

    private static PairedDeviceAnswer Answer(PairedDeviceRow row) => new(
        row.Id, row.DeviceId, row.DeviceType, row.DeviceName, row.IsActive, row.ExpiresAt, row.LastSeenAt, row.CreatedAt,
        [.. row.Permissions.Select(p => new ScopeEntry(p.Scope, p.ExpiresAt))]);
}
