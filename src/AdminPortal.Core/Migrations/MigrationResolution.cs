using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Hosts;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Migrations;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>A migration in the target's history and in its catalogue.</summary>
/// <param name="IsApplied">What the target's history says.</param>
/// <param name="CleanUp">For a migration that the portal began and that is there in parts: the SQL that takes the parts away.</param>
/// <param name="Obstacles">Why the clean-up is not run from here, such as rows that it would take.</param>
public sealed record ResolutionView(MigrationProof Proof, bool IsApplied, IReadOnlyList<MigrationStatement> CleanUp, IReadOnlyList<string> Obstacles)
{
    public string Name => MigrationScript.NameOf(Proof.MigrationId);

    /// <summary>False: there is something to resolve.</summary>
    public bool Agrees => Proof.Trace == (IsApplied ? MigrationTrace.After : MigrationTrace.Before);
}

/// <summary>What the comparison of a target's history with its catalogue found.</summary>
public abstract record ComparisonOutcome
{
    private ComparisonOutcome()
    {
    }

    /// <summary>Every migration of this build, oldest first.</summary>
    public sealed record Compared(IReadOnlyList<ResolutionView> Migrations) : ComparisonOutcome;

    /// <summary>The target cannot be asked; <paramref name="Reason"/> carries no secret.</summary>
    public sealed record Away(string Reason) : ComparisonOutcome;
}

/// <summary>
/// Sets a target's history to what its catalogue proves, after a failure or a change by hand. What is not proven cannot be
/// marked; what is there in parts is cleaned up first. A failed migration of the guides in Prisma's history is settled with it.
/// </summary>
public sealed class MigrationResolution
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly TargetAccess access;
    private readonly HostMappings mappings;
    private readonly MigrationJournal journal;
    private readonly AuditLog audit;
    private readonly TimeProvider time;

    internal MigrationResolution(TargetAccess access, HostMappings mappings, MigrationJournal journal, AuditLog audit, TimeProvider time) =>
        (this.access, this.mappings, this.journal, this.audit, this.time) = (access, mappings, journal, audit, time);

    /// <summary>Changes nothing. Null: the actor may not see it, or there is no such target.</summary>
    public async Task<ComparisonOutcome?> CompareAsync(Actor actor, string target, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone || !access.Exists(target))
        {
            return null;
        }

        try
        {
            await using var connection = await OpenAsync(target, cancellationToken);
            var set = await mappings.SetAsync(target, cancellationToken);
            var (history, catalogue) = await ReadAsync(connection, cancellationToken);
            var steps = await MigrationSteps.ReadAsync(connection, set.Effects, cancellationToken);
            List<ResolutionView> all = [];
            foreach (var migration in set.All)
            {
                all.Add(await ViewAsync(connection, set.Effects, migration.Id, history, steps.GetValueOrDefault(migration.Id), catalogue, cancellationToken));
            }

            return new ComparisonOutcome.Compared(all);
        }
        catch (Exception exception) when (IsAway(exception))
        {
            return new ComparisonOutcome.Away(Describe(exception));
        }
    }

    /// <summary>Marks the migration as what is proven; refused with what was found when it is there in parts.</summary>
    public Task<MigrationOutcome> ResolveAsync(Actor actor, string target, string migrationId, string? reason, CancellationToken cancellationToken) =>
        UnderLockAsync(actor, target, reason, async (connection, set, identity) =>
        {
            var view = await LookAsync(connection, set.Effects, migrationId, cancellationToken);
            switch (view)
            {
                case { Proof.Trace: MigrationTrace.Partial }:
                    return new MigrationOutcome.Refused([
                        $"“{MigrationScript.NameOf(migrationId)}” is there in parts. Missing: {string.Join("; ", view.Proof.Missing)}",
                        view.Obstacles.Count > 0 ? string.Join(' ', view.Obstacles) : $"The clean-up: {string.Join(' ', view.CleanUp.Select(s => s.Sql))}"]);
                case { Proof.Trace: MigrationTrace.After, IsApplied: true }:
                    return new MigrationOutcome.Nothing("It is applied, and the history says so.");
                case { Proof.Trace: MigrationTrace.After }:
                    await TargetHistory.ExecuteAsync(connection, set.HistoryTable, cancellationToken);
                    await TargetHistory.ExecuteAsync(connection, set.HistoryInsert(migrationId), cancellationToken);
                    await RuntimeGrants.ApplyAsync(connection, access.RuntimeRole(target), cancellationToken); // whoever made it did not take rights away
                    await PrismaSettlement.SettleAsync(connection, set.Effects, await CatalogueLines.ReadAsync(connection, cancellationToken), cancellationToken);
                    await RecordAsync(actor, target, identity, set, migrationId, MigrationAct.ResolvedApplied, reason, cancellationToken);
                    return new MigrationOutcome.Nothing("All of it is there: marked as applied.");
                default:
                    if (view.IsApplied)
                    {
                        await ForgetAsync(connection, set, migrationId, cancellationToken);
                    }

                    await PrismaSettlement.SettleAsync(connection, set.Effects, await CatalogueLines.ReadAsync(connection, cancellationToken), cancellationToken);
                    await RecordAsync(actor, target, identity, set, migrationId, MigrationAct.ResolvedRolledBack, reason, cancellationToken);
                    return new MigrationOutcome.Nothing(view.Proof.Found.Count == 0 ? "Nothing of it is there: marked as not applied." : "What it stands on is not there: marked as not applied.");
            }
        }, cancellationToken);

    /// <summary>Takes the parts of a half-applied migration away, without losing a row, and marks it as not applied.</summary>
    public Task<MigrationOutcome> CleanUpAsync(Actor actor, string target, string migrationId, string? reason, CancellationToken cancellationToken) =>
        UnderLockAsync(actor, target, reason, async (connection, set, identity) =>
        {
            var view = await LookAsync(connection, set.Effects, migrationId, cancellationToken);
            if (view.Proof.Trace != MigrationTrace.Partial)
            {
                return new MigrationOutcome.Changed();
            }

            if (view.Obstacles.Count > 0)
            {
                return new MigrationOutcome.Refused(view.Obstacles);
            }

            foreach (var statement in view.CleanUp.Where(s => !s.InTransaction))
            {
                await TargetHistory.ExecuteAsync(connection, statement.Sql, cancellationToken);
            }

            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            foreach (var statement in view.CleanUp.Where(s => s.InTransaction))
            {
                await TargetHistory.ExecuteAsync(connection, statement.Sql, cancellationToken);
            }

            var (_, catalogue) = await ReadAsync(connection, cancellationToken);
            if (set.Effects.Of(migrationId, catalogue) is { Trace: not MigrationTrace.Before } rest)
            {
                return new MigrationOutcome.Refused([$"Some of it would still be there: {string.Join("; ", rest.Found)}. Nothing was changed."]);
            }

            await ForgetAsync(connection, set, migrationId, cancellationToken);
            await PrismaSettlement.SettleAsync(connection, set.Effects, catalogue, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            await RecordAsync(actor, target, identity, set, migrationId, MigrationAct.ResolvedRolledBack, reason, cancellationToken);
            return new MigrationOutcome.Nothing("The parts are gone: it can be applied again.");
        }, cancellationToken);

    private static async Task ForgetAsync(NpgsqlConnection connection, MigrationSet set, string migrationId, CancellationToken cancellationToken)
    {
        await TargetHistory.ExecuteAsync(connection, set.HistoryTable, cancellationToken);
        await MigrationSteps.EnsureAsync(connection, cancellationToken);
        await TargetHistory.ExecuteAsync(connection, set.HistoryDelete(migrationId), cancellationToken);
        await TargetHistory.ExecuteAsync(connection, MigrationSteps.Forget(migrationId), cancellationToken);
    }

    private static async Task<ResolutionView> LookAsync(NpgsqlConnection connection, MigrationEffects effects, string migrationId, CancellationToken cancellationToken)
    {
        var (history, catalogue) = await ReadAsync(connection, cancellationToken);
        var steps = await MigrationSteps.ReadAsync(connection, effects, cancellationToken);
        return await ViewAsync(connection, effects, migrationId, history, steps.GetValueOrDefault(migrationId), catalogue, cancellationToken);
    }

    private static async Task<(TargetHistory History, HashSet<string> Catalogue)> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await TargetHistory.ReadAsync(connection, cancellationToken), await CatalogueLines.ReadAsync(connection, cancellationToken));

    private static async Task<ResolutionView> ViewAsync(
        NpgsqlConnection connection, MigrationEffects effects, string migrationId, TargetHistory history, MigrationStep? step, HashSet<string> catalogue, CancellationToken cancellationToken)
    {
        var proof = effects.Of(migrationId, catalogue);
        var obstacles = proof.Trace == MigrationTrace.Partial ? await MigrationCleanUp.ObstaclesAsync(connection, effects, proof, step, catalogue, cancellationToken) : [];
        return new ResolutionView(
            proof, history.Applied.Contains(migrationId), proof.Trace == MigrationTrace.Partial && step is not null ? MigrationCleanUp.Statements(step, catalogue) : [], obstacles);
    }

    private async Task<NpgsqlConnection> OpenAsync(string target, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(access.Owner(target).ConnectionString) { Timeout = (int)Patience.TotalSeconds }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await TargetConnection.PinAsync(connection, cancellationToken);
        return connection;
    }

    private static bool IsAway(Exception exception) =>
        TargetAvailability.IsOutage(exception) || exception is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    private static string Describe(Exception exception) => exception is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable }
        ? "A migration runs at this moment and keeps the history locked." : TargetAvailability.Describe(exception);

    private async Task<MigrationOutcome> UnderLockAsync(
        Actor actor, string target, string? reason, Func<NpgsqlConnection, MigrationSet, string, Task<MigrationOutcome>> act, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return new MigrationOutcome.NotAllowed();
        }

        if (Names.Clean(reason) is null)
        {
            return new MigrationOutcome.Refused(["Say why: the reason stands in the record."]);
        }

        if (!access.Exists(target))
        {
            return new MigrationOutcome.NoSuchTarget(access.Names);
        }

        if (await FreshSignIn.MissingAsync(actor, access, target, cancellationToken) is { } missing)
        {
            return new MigrationOutcome.Refused([missing]);
        }

        try
        {
            await using var connection = await OpenAsync(target, cancellationToken);

            if (await TargetReadiness.ObstacleAsync(connection, cancellationToken) is { } obstacle)
            {
                return new MigrationOutcome.Refused([obstacle]);
            }

            // The same locks as a run takes; a run that is on goes first, and one that has just ended still closes its connection.
            using var step = new RunJournal("", 0, 0, time).Begin("");
            await TargetLock.TakeAsync(connection, step, Patience, time, cancellationToken);
            return await act(connection, await mappings.SetAsync(target, cancellationToken), (await TargetIdentity.ReadAsync(connection, cancellationToken)).Key);
        }
        catch (RunFailedException busy)
        {
            return new MigrationOutcome.Refused([busy.Message]);
        }
        catch (PostgresException exception) when (!IsAway(exception))
        {
            return new MigrationOutcome.Refused([$"PostgreSQL refused it: {exception.MessageText} ({exception.SqlState}). {exception.Detail} Nothing was changed."]);
        }
        catch (Exception exception) when (IsAway(exception))
        {
            return new MigrationOutcome.Refused([$"{Describe(exception)} Look again when it answers."]);
        }
    }

    private async Task RecordAsync(Actor actor, string target, string identity, MigrationSet set, string migrationId, MigrationAct act, string? reason, CancellationToken cancellationToken)
    {
        var record = await journal.BeginAsync(target, identity, set.Find(migrationId)!, act, null, actor, reason, cancellationToken);
        await journal.EndAsync(record, null, cancellationToken);
        await audit.WriteAsync(actor, "migration.resolved", target, "done", $"{MigrationScript.NameOf(migrationId)} {act}: {reason}", cancellationToken);
    }
}
