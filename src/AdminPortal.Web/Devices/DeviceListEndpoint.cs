using System.ComponentModel.DataAnnotations;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Lists;
using AdminPortal.Data.Devices;
using AdminPortal.Web.ApiDescription;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Devices;

/// <summary>A device in the list of everyone's; times in UTC.</summary>
/// <param name="Id">The pairing's id.</param>
/// <param name="State">active, expired, quarantined or revoked.</param>
/// <param name="Permissions">How many permissions are in force.</param>
internal sealed record ListedDevice(
    string Id, string DeviceId, DeviceType DeviceType, string? DeviceName, string UserId, string? UserName, string UserEmail,
    [property: AllowedValues("active", "expired", "quarantined", "revoked")] string State,
    DateTime LastSeenAt, DateTime CreatedAt, DateTime ExpiresAt, int Permissions);

/// <param name="NextCursor">For the next page; null on the last.</param>
/// <param name="Count">How many match: counted up to 50,000, if that takes no longer than 200 ms.</param>
/// <param name="CountIsAbout">True: more than were counted, so that count is what the database expects.</param>
internal sealed record DeviceListAnswer(IReadOnlyList<ListedDevice> Devices, string? NextCursor, long Count, bool CountIsAbout);

/// <summary><c>GET /api/devices</c>: everyone's devices, for admins and support.</summary>
internal static class DeviceListEndpoint
{
    private const int DefaultLimit = 50;
    private const int MaximumLimit = 200;

    public static void MapDeviceList(this IEndpointRouteBuilder api) =>
        api.MapGet("/devices", ListAsync).RequireAuthorization(Policies.SeesEveryone).WithTags("Devices").WithName("listDevices").WithSummary("List everyone's devices")
            .WithDescription(
                "search: words, each a part of the person's name or e-mail, the deviceId, the device's name, kind or address; without case and accents. state: active, expiring (within 7 days), "
                + "expired, quarantined, revoked. type: DESKTOP, MOBILE_IOS, MOBILE_ANDROID, TABLET. scope: a permission held now, such as WRITE_NOTES. "
                + "seen, paired: 7d (in the last 7 days) or over-60d (longer ago than 60). platform, appVersion: as the device registered for sync; "
                + "2.4 finds 2.4.0 and 2.4.1. sort: lastSeen, name, user, paired, expires, type, status, address, appVersion, platform, scopes (how many; for up to 5,000 matches), with - before it for descending "
                + "(default -lastSeen). cursor: nextCursor of the page before. limit: 1 to 200 (default 50).")
            .Produces<ApiEnvelope<DeviceListAnswer>>()
            .Problems(400, "invalid-request")
            .WithMetadata(new ApiExample(null, """
                {"success":true,"data":{"devices":[{"id":"01a20412f3127aedbf29a2c73242fdb1","deviceId":"device-123","deviceType":"MOBILE_IOS","deviceName":"Ward phone","userId":"u1","userName":"Anna","userEmail":"anna@example.org","state":"active","lastSeenAt":"2030-01-01T08:00:00Z","createdAt":"2029-12-01T08:00:00Z","expiresAt":"2030-03-01T08:00:00Z","permissions":2}],"nextCursor":null,"count":1,"countIsAbout":false}}
                """));

    private static async Task<IResult> ListAsync(
        HttpContext context, DeviceList devices, string? search, string? state, string? type, string? scope, string? seen, string? paired,
        string? platform, string? appVersion, string? sort, string? cursor, [Range(1, MaximumLimit)] int? limit, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaximumLimit)
        {
            return ApiResults.Invalid($"limit must be between 1 and {MaximumLimit}.");
        }

        var filter = DeviceFilterText.Read(QueryText.Read(context.Request.QueryString.Value ?? ""), out var unreadable);
        var order = QueryText.Parse<DeviceSort>(sort?.StartsWith('-') == true ? sort[1..] : sort);
        if (unreadable.Count > 0 || (sort is not null && order is null))
        {
            return ApiResults.Invalid($"{string.Join(", ", unreadable.DefaultIfEmpty($"sort={sort}"))} is not one of the words that the documentation names.");
        }

        var query = new DeviceQuery(filter, order ?? DeviceSort.LastSeen, sort?.StartsWith('-') ?? true, cursor, limit ?? DefaultLimit);
        var page = await devices.ListAsync(context.ToActor(), query, cancellationToken);
        if (page.IsTooLongForOrder)
        {
            return ApiResults.Invalid($"More than {ListReading.CountedLimit} devices match, which are too many to sort by {QueryText.Word(query.Sort)}. Add a filter.");
        }

        return ApiResults.Ok(new DeviceListAnswer([.. page.Rows.Select(Answer)], page.NextCursor, page.Matching.Number, page.Matching.IsAbout));
    }

    private static ListedDevice Answer(DeviceRow row) => new(
        row.Id, row.DeviceId, row.Type, row.Name, row.UserId, row.UserName, row.UserEmail, row.Status.ToString().ToLowerInvariant(),
        row.LastSeenAt, row.PairedAt, row.ExpiresAt, row.ScopesInForce);
}
