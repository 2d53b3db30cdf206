using System.Linq.Expressions;
using AdminPortal.Core.Lists;
using AdminPortal.Data;
using AdminPortal.Data.Devices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

/// <summary>
/// Finds pairings by words, each in the person's name or address, in the device's name, id or address, or as its kind. The people are
/// looked up first, and then one table is asked by two of its indexes: an OR over two tables can be answered by none
/// (docs/decisions/0013).
/// </summary>
internal sealed class DeviceSearch
{
    /// <summary>A word that more people have than this is asked row by row: a walk meets its devices soon.</summary>
    private const int PeopleLimit = 5_000;

    private readonly Expression<Func<DevicePairing, bool>> condition;

    private DeviceSearch(Expression<Func<DevicePairing, bool>> condition, IReadOnlyList<string> people) => (this.condition, People) = (condition, people);

    /// <summary>Those whose own words are all that was typed; without those of words that too many have.</summary>
    public IReadOnlyList<string> People { get; }

    /// <summary>Null: nothing was typed.</summary>
    public static async Task<DeviceSearch?> ReadAsync(DeviceDbContext db, string? text, CancellationToken cancellationToken)
    {
        if (await SearchWords.ReadAsync(db, text, cancellationToken) is not { } words)
        {
            return null;
        }

        if (words.All.Count == 0)
        {
            return new DeviceSearch(p => false, []);
        }

        List<(string Word, bool OnDevices)> rare = [];
        List<Expression<Func<DevicePairing, bool>>> common = [];
        var people = new Dictionary<string, int>(StringComparer.Ordinal); // which of the rare words each has
        foreach (var word in words.All)
        {
            var found = await db.Users.AsNoTracking().Where(SearchTexts.User(word)).Select(u => u.Id).Take(PeopleLimit + 1).ToListAsync(cancellationToken);
            if (found.Count > PeopleLimit)
            {
                common.Add(SearchTexts.DeviceOrPerson(word));
                continue;
            }

            foreach (var id in found)
            {
                people[id] = people.GetValueOrDefault(id) | (1 << rare.Count);
            }

            rare.Add((word, await db.DevicePairings.AnyAsync(SearchTexts.Device(word), cancellationToken)));
        }

        var all = common.Count > 0 ? [] : people.Where(p => p.Value == (1 << rare.Count) - 1).Select(p => p.Key).ToList();
        return new DeviceSearch((rare.Count > 0 ? common.Prepend(OfRare(rare, people)) : common).Aggregate(SearchTexts.Both), all);
    }

    public IQueryable<DevicePairing> In(IQueryable<DevicePairing> pairings) => pairings.Where(condition);

    /// <summary>
    /// What a person lacks of the words, their device has to have. A word that no device has is not asked of any: each such question
    /// would fold a text for every row that is walked.
    /// </summary>
    private static Expression<Func<DevicePairing, bool>> OfRare(List<(string Word, bool OnDevices)> words, Dictionary<string, int> people) => people
        .GroupBy(p => p.Value, p => p.Key).Where(group => Missing(words, group.Key).All(word => word.OnDevices)).OrderByDescending(group => group.Key)
        .Select(group =>
        {
            var ids = group.ToArray();
            Expression<Func<DevicePairing, bool>> theirs = p => ids.Contains(p.UserId);
            return Missing(words, group.Key).Aggregate(theirs, (sofar, word) => SearchTexts.Both(sofar, SearchTexts.Device(word.Word)));
        })
        .Concat(words.TrueForAll(word => word.OnDevices) ? [words.Select(word => SearchTexts.Device(word.Word)).Aggregate(SearchTexts.Both)] : [])
        .DefaultIfEmpty(p => false)
        .Aggregate(SearchTexts.Either);

    private static IEnumerable<(string Word, bool OnDevices)> Missing(List<(string Word, bool OnDevices)> words, int had) => words.Where((_, place) => (had & (1 << place)) == 0);
}
