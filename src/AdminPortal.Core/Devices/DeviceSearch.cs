using AdminPortal.Core.Lists;
using AdminPortal.Data;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

/// <summary>
/// Finds pairings by a part of a word in any of five columns of two tables. Each table's columns are joined into one text
/// with one trigram index, and the two are never put into one OR that no index can answer (docs/decisions/0007).
/// </summary>
internal sealed class DeviceSearch
{
    /// <summary>More people than this are not handed over by id: every fiftieth device is one of theirs, and a walk meets it soon.</summary>
    private const int PeopleLimit = 2000;

    private readonly string people;
    private readonly string devices;
    private string[]? ids;

    private DeviceSearch(string people, string devices) => (this.people, this.devices) = (people, devices);

    /// <summary>Null: nothing was typed.</summary>
    public static DeviceSearch? For(string? text) =>
        SearchText.Pattern(text) is { } pattern ? new DeviceSearch(pattern, SearchText.IndexedPattern(text) ?? "") : null;

    /// <summary>Looks the people up first, where they are few: the devices are then found in one table by two indexes.</summary>
    public async Task LookUpPeopleAsync(DeviceDbContext db, CancellationToken cancellationToken)
    {
        var found = await People(db).Select(u => u.Id).Take(PeopleLimit + 1).ToArrayAsync(cancellationToken);
        ids = found.Length <= PeopleLimit ? found : null;
    }

    public IQueryable<DevicePairing> In(IQueryable<DevicePairing> pairings)
    {
        if (ids is { Length: 0 })
        {
            return pairings.Where(p => EF.Functions.ILike(p.DeviceId + "|" + (p.DeviceName ?? "") + "|" + (p.IpAddress ?? ""), devices, SearchText.Escape));
        }

        return ids is not null
            ? pairings.Where(p => EF.Functions.ILike(p.DeviceId + "|" + (p.DeviceName ?? "") + "|" + (p.IpAddress ?? ""), devices, SearchText.Escape)
                || ids.Contains(p.UserId))
            : pairings.Where(p => EF.Functions.ILike(p.DeviceId + "|" + (p.DeviceName ?? "") + "|" + (p.IpAddress ?? ""), devices, SearchText.Escape)
                || EF.Functions.ILike(p.User.Email + "|" + (p.User.Name ?? ""), people, SearchText.Escape));
    }

    /// <summary>The same in one query, for a statement that takes all matches.</summary>
    public IQueryable<DevicePairing> AsUnion(DeviceDbContext db, IQueryable<DevicePairing> pairings)
    {
        var found = db.DevicePairings.Where(p => EF.Functions.ILike(p.DeviceId + "|" + (p.DeviceName ?? "") + "|" + (p.IpAddress ?? ""), devices, SearchText.Escape)).Select(p => p.Id)
            .Union(People(db).Join(db.DevicePairings, u => u.Id, p => p.UserId, (_, p) => p.Id));
        return pairings.Where(p => found.Contains(p.Id));
    }

    private IQueryable<AppUser> People(DeviceDbContext db) =>
        db.Users.AsNoTracking().Where(u => EF.Functions.ILike(u.Email + "|" + (u.Name ?? ""), people, SearchText.Escape));
}
