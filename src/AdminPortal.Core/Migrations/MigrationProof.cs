using System.Text.Json;

namespace AdminPortal.Core.Migrations;

/// <summary>What one migration adds to the catalogue and takes from it, as lines of <see cref="CatalogueLines"/>.</summary>
public sealed record MigrationEffect(IReadOnlyList<string> Added, IReadOnlyList<string> Removed);

/// <summary>What a catalogue proves about one migration.</summary>
/// <param name="Found">Lines that the migration adds and that are there, or that it removes and that are gone.</param>
/// <param name="Missing">The rest of its effect.</param>
public sealed record MigrationProof(string MigrationId, MigrationTrace Trace, IReadOnlyList<string> Found, IReadOnlyList<string> Missing)
{
    /// <summary>Ends the line of an index that a broken-off build left behind.</summary>
    internal const string Invalid = " INVALID";

    private const string Resource = "AdminPortal.Core.Migrations.migration-effects.json";

    /// <summary>The effects of every migration of this build. A test compares them with a database that is migrated step by step.</summary>
    public static IReadOnlyDictionary<string, MigrationEffect> Effects { get; } = Load();

    private static readonly IReadOnlyList<string> Order = [.. Effects.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Lines that a later migration takes away again: their absence proves nothing by itself.</summary>
    private static readonly HashSet<string> Passing = [.. Effects.Values.SelectMany(effect => effect.Removed)];

    /// <summary>Lines that this migration adds and that stay.</summary>
    private static IEnumerable<string> Lasting(string migrationId) => Effects[migrationId].Added.Where(line => !Passing.Contains(line));

    /// <summary>Compares a catalogue with before and after the migration.</summary>
    internal static MigrationProof Of(string migrationId, HashSet<string> catalogue)
    {
        var effect = Effects[migrationId];
        var reached = Reached(catalogue);
        List<string> found =
        [
            .. effect.Added.Where(line => catalogue.Contains(line) || IsPast(line, migrationId)),
            .. effect.Removed.Where(line => IsPast(line, AdderOf(line))).Select(line => $"gone: {line}"),
        ];
        List<string> missing =
        [
            .. effect.Added.Where(line => !catalogue.Contains(line) && !IsPast(line, migrationId)),
            .. effect.Removed.Where(line => !IsPast(line, AdderOf(line))).Select(line => $"not removed: {line}"),
        ];
        var trace = (found.Count, missing.Count) switch
        {
            (_, 0) => MigrationTrace.After,
            (0, _) when !HasInvalid(effect, catalogue) => MigrationTrace.Before,
            _ => MigrationTrace.Partial,
        };
        return new MigrationProof(migrationId, trace, found, missing);

        // It was there and was taken away again: everything else of its migration is there, or something of a later one.
        bool IsPast(string line, string adder) => Passing.Contains(line) && !catalogue.Contains(line) && string.CompareOrdinal(reached, adder) switch
        {
            > 0 => true,
            0 => Lasting(adder).All(catalogue.Contains),
            _ => false,
        };
    }

    /// <summary>The newest migration of which something lasting is there; null: none.</summary>
    internal static string? Reached(HashSet<string> catalogue) =>
        Order.LastOrDefault(id => Lasting(id).Any(line => catalogue.Contains(line) || catalogue.Contains(line + Invalid)));

    private static string AdderOf(string line) => Order.First(id => Effects[id].Added.Contains(line));

    /// <summary>A failed CREATE INDEX CONCURRENTLY leaves its index, marked invalid.</summary>
    private static bool HasInvalid(MigrationEffect effect, HashSet<string> catalogue) => effect.Added.Any(line => catalogue.Contains(line + Invalid));

    private static Dictionary<string, MigrationEffect> Load()
    {
        using var stream = typeof(MigrationProof).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize<Dictionary<string, MigrationEffect>>(stream)!;
    }
}

/// <summary>How far a migration went in a database.</summary>
public enum MigrationTrace
{
    /// <summary>Nothing of it is there.</summary>
    Before,

    /// <summary>A part of it is there.</summary>
    Partial,

    /// <summary>All of it is there.</summary>
    After,
}
