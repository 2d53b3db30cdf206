using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Users;

namespace AdminPortal.Core.Search;

/// <summary>
/// Finds people and devices by a part of their names, addresses or ids, for the search box: the first few of each, by the same
/// filters as the lists. Others than admins and support find their own devices only.
/// </summary>
public sealed class PortalSearch(UserList users, DeviceList devices)
{
    /// <summary>Hits of each kind.</summary>
    public const int Limit = 5;

    /// <summary>One letter finds everything and nothing.</summary>
    public const int ShortestText = 2;

    public async Task<IReadOnlyList<SearchHit>> FindAsync(Actor actor, string text, CancellationToken cancellationToken)
    {
        text = text.Trim();
        if (text.Length < ShortestText)
        {
            return [];
        }

        if (!actor.SeesEveryone)
        {
            return actor.UserId is { } own
                ? [.. (await devices.OfUserAsync(actor, own, cancellationToken)).Where(d => Matches(d, text)).Take(Limit).Select(d => Hit(d, d.DeviceId))]
                : [];
        }

        var people = users.ListAsync(actor, new UserQuery(new UserFilter(text), Limit: Limit), cancellationToken);
        var found = devices.ListAsync(actor, new DeviceQuery(new DeviceFilter(text), Limit: Limit), cancellationToken);
        return
        [
            .. (await people).Rows.Select(u => new SearchHit.User(u.Id, u.Person, u.Name is null ? Devices(u.ActiveDevices) : $"{u.Email}, {Devices(u.ActiveDevices)}")),
            .. (await found).Rows.Select(d => Hit(d, $"{d.Person}, {d.DeviceId}")),
        ];
    }

    private static SearchHit.Device Hit(DeviceRow device, string detail) => new(device.Id, device.Title, detail, device.Status);

    private static bool Matches(DeviceRow device, string text) =>
        device.Title.Contains(text, StringComparison.CurrentCultureIgnoreCase) || device.DeviceId.Contains(text, StringComparison.OrdinalIgnoreCase);

    private static string Devices(int count) => count switch { 0 => "no device", 1 => "1 device", _ => $"{count} devices" };
}
