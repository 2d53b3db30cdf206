using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Verification;

/// <summary>A target while it is verified: what was read of it once, and the way to ask for more.</summary>
internal sealed class CheckedTarget
{
    public required string Name { get; init; }
    public required TargetOptions Settings { get; init; }
    public required VerificationScope Scope { get; init; }

    /// <summary>The owner's.</summary>
    public required NpgsqlConnection Connection { get; init; }
    public required TargetIdentity Identity { get; init; }
    public required bool IsKnown { get; init; }
    public required DatabaseCatalogue Actual { get; init; }

    /// <summary>What this build makes on a host like this one.</summary>
    public required CatalogueManifest Manifest { get; init; }
    public required Migrations.MigrationSet Set { get; init; }
    public required DatabaseCatalogue Expected { get; init; }
    public required TargetHistory History { get; init; }

    /// <summary>The address of the portal that serves this target; null: it serves another one.</summary>
    public required string? PortalUrl { get; init; }
    public required bool ModelHasChanges { get; init; }

    /// <summary>Read by its check.</summary>
    public SizeReport? Sizes { get; set; }

    /// <summary>What checks before this one found.</summary>
    public List<Finding> Findings { get; } = [];

    /// <summary>True when the target has the table, with all these columns.</summary>
    public bool Has(string table, params ReadOnlySpan<string> columns)
    {
        foreach (var column in columns)
        {
            if (Actual.Column(table, column) is null)
            {
                return false;
            }
        }

        return Actual.HasTable(table);
    }

    /// <summary>The migration that makes an object of this release; null when the target has it on record already.</summary>
    public string? PendingMakerOf(CatalogueObject expected) => Manifest.Objects
        .Where(o => o.Until is null && o.Entry.Key == expected.Key && History.Pending.Contains(o.Since)).Select(o => o.Since).FirstOrDefault();

    /// <summary>How to get an object that is missing.</summary>
    public string RemedyForMissing(CatalogueObject expected, string otherwise) => PendingMakerOf(expected) is { } migration
        ? $"Apply the migration {TargetHistory.NameOf(migration)}, which makes it."
        : otherwise;

    /// <summary>True when an expected object cannot be there, because its table or a column of it is not.</summary>
    public bool LosesItsGround(CatalogueObject expected) =>
        !Actual.HasTable(expected.TableTitle)
        || expected.Uses.Any(column => Actual.Column(expected.TableTitle, column) is null)
        || (expected.Detail("target") is { } target && (!Actual.HasTable(target) || expected.Detail("targetColumns")!.Split(", ").Any(column => Actual.Column(target, column) is null)));

    /// <summary>A name in the target that differs from an expected one only in case or underscores, such as <c>userid</c>.</summary>
    public static bool AreTwins(string one, string other) => one != other
        && string.Equals(one.Replace("_", "", StringComparison.Ordinal), other.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
}
