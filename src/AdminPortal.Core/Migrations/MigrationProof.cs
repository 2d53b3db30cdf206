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

    /// <summary>The effects of every migration of this build on a database of the guides' own. A test compares them with one that is migrated step by step.</summary>
    public static IReadOnlyDictionary<string, MigrationEffect> Effects => MigrationEffects.Whole.All;

    /// <summary>Compares a catalogue with before and after the migration, on a database of the guides' own.</summary>
    internal static MigrationProof Of(string migrationId, HashSet<string> catalogue) => MigrationEffects.Whole.Of(migrationId, catalogue);
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
