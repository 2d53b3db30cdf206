using System.Text.Json;

namespace AdminPortal.Core.Migrations;

/// <summary>What one migration adds to the catalogue and takes from it, as lines of <see cref="CatalogueLines"/>.</summary>
public sealed record MigrationEffect(IReadOnlyList<string> Added, IReadOnlyList<string> Removed);

/// <summary>What a catalogue proves about one migration.</summary>
/// <param name="Found">Lines that the migration adds and that are there, or that it removes and that are gone.</param>
/// <param name="Missing">The rest of its effect.</param>
public sealed record MigrationProof(string MigrationId, MigrationTrace Trace, IReadOnlyList<string> Found, IReadOnlyList<string> Missing)
{
    private const string Resource = "AdminPortal.Core.Migrations.migration-effects.json";

    /// <summary>The effects of every migration of this build. A test compares them with a database that is migrated step by step.</summary>
    public static IReadOnlyDictionary<string, MigrationEffect> Effects { get; } = Load();

    /// <summary>Compares a catalogue with before and after the migration.</summary>
    internal static MigrationProof Of(string migrationId, HashSet<string> catalogue)
    {
        var effect = Effects[migrationId];
        List<string> found = [.. effect.Added.Where(catalogue.Contains), .. effect.Removed.Where(line => !catalogue.Contains(line)).Select(line => $"gone: {line}")];
        List<string> missing = [.. effect.Added.Where(line => !catalogue.Contains(line)), .. effect.Removed.Where(catalogue.Contains).Select(line => $"still there: {line}")];
        var trace = (found.Count, missing.Count) switch
        {
            (_, 0) => MigrationTrace.After,
            (0, _) when !HasInvalid(effect, catalogue) => MigrationTrace.Before,
            _ => MigrationTrace.Partial,
        };
        return new MigrationProof(migrationId, trace, found, missing);
    }

    /// <summary>A failed CREATE INDEX CONCURRENTLY leaves its index, marked invalid.</summary>
    private static bool HasInvalid(MigrationEffect effect, HashSet<string> catalogue) => effect.Added.Any(line => catalogue.Contains(line + " INVALID"));

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
