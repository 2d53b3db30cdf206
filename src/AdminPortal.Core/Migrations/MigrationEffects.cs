using System.Text.Json;

namespace AdminPortal.Core.Migrations;

/// <summary>What the migrations do to the catalogue of one kind of host, and what a catalogue proves about them.</summary>
internal sealed class MigrationEffects
{
    private const string Resource = "AdminPortal.Core.Migrations.migration-effects.json";

    private readonly IReadOnlyList<string> order;
    private readonly HashSet<string> passing;
    private readonly IReadOnlyList<string> grounds;

    public MigrationEffects(IReadOnlyDictionary<string, MigrationEffect> all)
    {
        All = all;
        order = [.. all.Keys.Order(StringComparer.Ordinal)];
        Lines = all.Values.SelectMany(effect => effect.Added).ToHashSet(StringComparer.Ordinal);
        passing = [.. all.Values.SelectMany(effect => effect.Removed)];
        grounds = [.. order.Where(id => Lasting(id).Any(IsTableOrColumn))];
    }

    /// <summary>Of every migration of this build, on a database of the guides' own.</summary>
    public static MigrationEffects Whole { get; } = new(Load());

    /// <summary>By the migration's id.</summary>
    public IReadOnlyDictionary<string, MigrationEffect> All { get; }

    /// <summary>Every line that a migration adds.</summary>
    public IReadOnlySet<string> Lines { get; }

    public MigrationEffect this[string migrationId] => All[migrationId];

    /// <summary>Lines that this migration adds and that stay.</summary>
    private IEnumerable<string> Lasting(string migrationId) => All[migrationId].Added.Where(line => !passing.Contains(line));

    /// <summary>Compares a catalogue with before and after the migration.</summary>
    public MigrationProof Of(string migrationId, HashSet<string> catalogue)
    {
        var effect = All[migrationId];
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
            (_, 0) when HasGround(migrationId, catalogue) => MigrationTrace.After,
            (_, 0) => MigrationTrace.Before, // somebody else's, that looks like it
            (0, _) when !HasInvalid(effect, catalogue) => MigrationTrace.Before,
            _ => MigrationTrace.Partial,
        };
        return new MigrationProof(migrationId, trace, found, missing);

        // It was there and was taken away again: everything else of its migration is there, or something of a later one.
        bool IsPast(string line, string adder) => passing.Contains(line) && !catalogue.Contains(line) && string.CompareOrdinal(reached, adder) switch
        {
            > 0 => true,
            0 => Lasting(adder).All(catalogue.Contains),
            _ => false,
        };
    }

    /// <summary>A later migration takes this line away again.</summary>
    public bool IsPassing(string line) => passing.Contains(line);

    /// <summary>The newest migration of which a table or a column is there that lasts; null: none. An index alone may be anybody's.</summary>
    public string? Reached(HashSet<string> catalogue) => grounds.LastOrDefault(id => IsGround(id, catalogue));

    /// <summary>A migration stands on every earlier one that makes tables or columns.</summary>
    private bool HasGround(string migrationId, HashSet<string> catalogue) =>
        grounds.TakeWhile(id => string.CompareOrdinal(id, migrationId) < 0).All(id => IsGround(id, catalogue));

    private bool IsGround(string id, HashSet<string> catalogue) => Lasting(id).Any(line => IsTableOrColumn(line) && catalogue.Contains(line));

    private static bool IsTableOrColumn(string line) => line.StartsWith("table ", StringComparison.Ordinal) || line.StartsWith("column ", StringComparison.Ordinal);

    private string AdderOf(string line) => order.First(id => All[id].Added.Contains(line));

    /// <summary>A failed CREATE INDEX CONCURRENTLY leaves its index, marked invalid.</summary>
    private static bool HasInvalid(MigrationEffect effect, HashSet<string> catalogue) => effect.Added.Any(line => catalogue.Contains(line + MigrationProof.Invalid));

    private static Dictionary<string, MigrationEffect> Load()
    {
        using var stream = typeof(MigrationProof).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize<Dictionary<string, MigrationEffect>>(stream)!;
    }
}
