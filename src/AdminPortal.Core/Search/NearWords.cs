using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Lists;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Search;

/// <summary>
/// For a search that found nothing: the same words with each that stands nowhere replaced by one that is near it, such as "kitchen" for
/// "kitchn". Whoever sees only their own devices is told words of their own devices only.
/// </summary>
public sealed class NearWords(IDbContextFactory<DeviceDbContext> databases)
{
    /// <summary>Shorter words are near to too much.</summary>
    private const int Shortest = 4;

    /// <summary>Texts of each table that share most of a word's trigrams, from which the nearest words are picked.</summary>
    private const int Texts = 200;
    private const int Most = 3;

    /// <summary>Nearest first; empty: every word stands somewhere, or nothing is near.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(Actor actor, string? text, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await SearchWords.ReadAsync(db, text, cancellationToken) is not { } words)
        {
            return [];
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT set_config('pg_trgm.word_similarity_threshold', '0.4', true)", cancellationToken);
        var choices = new List<IReadOnlyList<string>>();
        foreach (var word in words.All)
        {
            var near = await StandsSomewhereAsync(db, actor, word, cancellationToken) ? [] : await NearAsync(db, actor, word, cancellationToken);
            choices.Add(near.Count > 0 ? near : [word]);
        }

        return choices.All(c => c.Count == 1) && choices.Select(c => c[0]).SequenceEqual(words.All, StringComparer.Ordinal)
            ? []
            : [.. Enumerable.Range(0, Math.Min(Most, choices.Max(c => c.Count))).Select(i => string.Join(' ', choices.Select(c => c[Math.Min(i, c.Count - 1)]))).Distinct(StringComparer.Ordinal)];
    }

    private static async Task<bool> StandsSomewhereAsync(DeviceDbContext db, Actor actor, string word, CancellationToken cancellationToken) =>
        word.Length < Shortest
        || (actor.SeesEveryone && await db.Users.AnyAsync(SearchTexts.User(word), cancellationToken))
        || await DeviceList.VisibleTo(db, actor).AnyAsync(SearchTexts.Device(word), cancellationToken);

    private static async Task<IReadOnlyList<string>> NearAsync(DeviceDbContext db, Actor actor, string word, CancellationToken cancellationToken)
    {
        var devices = DeviceList.VisibleTo(db, actor);
        var found = await (actor.SeesEveryone
                ? devices.Where(p => DatabaseText.SearchNear(DatabaseText.SearchFold(p.DeviceId + " " + (p.DeviceName ?? "") + " " + (p.IpAddress ?? "")), word))
                : devices)
            .Select(p => DatabaseText.SearchFold(p.DeviceName ?? "")).Take(Texts).ToListAsync(cancellationToken);
        if (actor.SeesEveryone)
        {
            found.AddRange(await db.Users.Where(u => DatabaseText.SearchNear(DatabaseText.SearchFold(u.Email + " " + (u.Name ?? "")), word))
                .Select(u => DatabaseText.SearchFold(u.Name ?? u.Email)).Take(Texts).ToListAsync(cancellationToken));
        }

        var allowed = word.Length < 6 ? 1 : 2;
        return [.. found.Concat(DeviceTypeLabels.Words.Select(label => label.ToLowerInvariant())).SelectMany(t => t.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(w => w.Length >= Shortest - 1 && Math.Abs(w.Length - word.Length) <= allowed)
            .GroupBy(w => w, (near, all) => (Near: near, Count: all.Count(), Distance: Distance(word, near))).Where(w => w.Distance <= allowed)
            .OrderBy(w => w.Distance).ThenByDescending(w => w.Count).ThenBy(w => w.Near, StringComparer.Ordinal).Select(w => w.Near).Take(Most)];
    }

    /// <summary>Letters that are missing, too many, wrong, or changed places with their neighbour.</summary>
    internal static int Distance(string one, string other)
    {
        var rows = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var wrong = one[i - 1] == other[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + wrong);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[one.Length, other.Length];
    }
}
