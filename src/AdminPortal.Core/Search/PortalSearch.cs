using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Sync;
using AdminPortal.Core.Users;

namespace AdminPortal.Core.Search;

/// <summary>
/// Finds people and devices by words of their names, addresses, ids or kinds, for the search box: the first few of each, by the same
/// filters as the lists. Others than admins and support find their own devices only.
/// </summary>
public sealed class PortalSearch(UserList users, DeviceList devices, SyncStatusList sync, NearWords near)
{
    /// <summary>Hits of each kind.</summary>
    public const int Limit = 5;

    /// <summary>Devices of each person; those with a problem come first.</summary>
    public const int DevicesEach = 3;

    /// <summary>One letter finds everything and nothing.</summary>
    public const int ShortestText = 2;

    /// <summary>Where nothing matches, what the nearest words find.</summary>
    public async Task<SearchFound> FindAsync(Actor actor, string text, CancellationToken cancellationToken)
    {
        text = text.Trim();
        if (text.Length < ShortestText)
        {
            return new SearchFound([]);
        }

        if (await HitsAsync(actor, text, cancellationToken) is { Count: > 0 } hits)
        {
            return new SearchFound(hits);
        }

        foreach (var other in await near.FindAsync(actor, text, cancellationToken))
        {
            if (await HitsAsync(actor, other, cancellationToken) is { Count: > 0 } nearby)
            {
                return new SearchFound(nearby, other);
            }
        }

        return new SearchFound([]);
    }

    private async Task<IReadOnlyList<SearchHit>> HitsAsync(Actor actor, string text, CancellationToken cancellationToken)
    {
        var found = devices.ListAsync(actor, new DeviceQuery(new DeviceFilter(text), Limit: Limit), cancellationToken);
        if (!actor.SeesEveryone)
        {
            return [.. (await found).Rows.Select(d => Hit(d, d.DeviceId))];
        }

        var people = (await users.ListAsync(actor, new UserQuery(new UserFilter(text), Limit: Limit), cancellationToken)).Rows;
        var rows = (await found).Rows;
        var owned = await devices.OfUsersAsync(actor, [.. people.Select(u => u.Id)], cancellationToken);
        var standings = (await sync.OfDevicesAsync(actor, [.. owned.Concat(rows).Select(d => d.DeviceId)], cancellationToken)).ToDictionary(s => (s.DeviceId, s.UserId));
        var theirs = owned.ToLookup(d => d.UserId, StringComparer.Ordinal);
        return
        [
            .. people.Select(u => new SearchHit.User(
                u.Id, u.Person, u.Name is null ? Devices(u.ActiveDevices) : $"{u.Email}, {Devices(u.ActiveDevices)}",
                [.. theirs[u.Id].Select(d => Hit(d, d.DeviceId, Of(d)))
                    .OrderByDescending(d => d.Status == DeviceStatus.Quarantined || d.Sync?.Verdict.Group() == SyncGroup.Problems).ThenByDescending(d => rows.Any(row => row.Id == d.Id)).Take(DevicesEach)])),
            .. rows.Where(d => people.All(u => u.Id != d.UserId)).Select(d => Hit(d, d.Person, Of(d))),
        ];

        SyncStanding? Of(DeviceRow device) => standings.GetValueOrDefault((device.DeviceId, device.UserId));
    }

    private static SearchHit.Device Hit(DeviceRow device, string detail, SyncStanding? sync = null) => new(device.Id, device.Title, detail, device.Status, sync);

    private static string Devices(int count) => count switch { 0 => "no device", 1 => "1 device", _ => $"{count} devices" };
}
