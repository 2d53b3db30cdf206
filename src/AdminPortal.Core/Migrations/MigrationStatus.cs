using AdminPortal.Core.Targets;
using AdminPortal.Data.Migrations;

namespace AdminPortal.Core.Migrations;

/// <summary>Where a migration stands on a target.</summary>
public enum MigrationState
{
    Applied,
    Pending,

    /// <summary>Pending although a newer one is applied, as after a merge of two branches. It is applied all the same.</summary>
    OutOfOrder,

    /// <summary>In the target's history, and not in this build: the target is ahead, or another program's.</summary>
    Unknown,

    /// <summary>The last attempt failed and it is not applied.</summary>
    Failed,

    /// <summary>It was applied, and rolled back.</summary>
    RolledBack,
}

/// <summary>One migration on one target; times in UTC.</summary>
/// <param name="Last">What was last done with it here; null: nothing through this portal.</param>
public sealed record MigrationRow(string Id, MigrationState State, MigrationRecordRow? Last)
{
    public string Name => MigrationScript.NameOf(Id);

    /// <summary>True when the next deployment applies it.</summary>
    public bool IsPending => State is not (MigrationState.Applied or MigrationState.Unknown);
}

/// <summary>What was done with a migration; times in UTC.</summary>
public sealed record MigrationRecordRow(
    string MigrationId, MigrationAct Act, string SqlHash, string? RunId, string? ActorName, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, bool? Succeeded, string? Error)
{
    public TimeSpan? Duration => FinishedAt - StartedAt;
}

/// <summary>How a target's migrations stand. A target that is away or foreign is a state like any other.</summary>
public abstract record MigrationStatus(string Target)
{
    /// <summary>Everything is known.</summary>
    /// <param name="NeedsAdoption">Tables of the guides are there, and no history: somebody else made them.</param>
    public sealed record Known(string Target, TargetIdentity Identity, IReadOnlyList<MigrationRow> Migrations, IReadOnlyList<PrismaMigration> Prisma, bool NeedsAdoption)
        : MigrationStatus(Target)
    {
        public IReadOnlyList<MigrationRow> Pending => [.. Migrations.Where(m => m.IsPending)];

        public string? MigratedTo => Migrations.LastOrDefault(m => m.State is MigrationState.Applied or MigrationState.Unknown)?.Id;
    }

    /// <summary>A migration runs at this moment, and its history cannot be read.</summary>
    public sealed record Busy(string Target) : MigrationStatus(Target);

    /// <summary>Not reachable; <paramref name="Reason"/> carries no secret.</summary>
    public sealed record Down(string Target, string Reason) : MigrationStatus(Target);

    /// <summary>Another database answers than the one that the portal knows under this name.</summary>
    public sealed record Foreign(string Target, TargetIdentity Identity) : MigrationStatus(Target);
}
