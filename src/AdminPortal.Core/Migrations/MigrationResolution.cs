using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Migrations;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>What a person sees before resolving a migration.</summary>
/// <param name="IsApplied">What the target's history says.</param>
/// <param name="CleanUp">For a migration that is there in parts: the SQL that takes the parts away.</param>
/// <param name="Losses">Rows and values that the clean-up would take: then it is not run from here.</param>
public sealed record ResolutionView(MigrationProof Proof, bool IsApplied, IReadOnlyList<string> CleanUp, IReadOnlyList<string> Losses);

/// <summary>
/// Sets a target's history to what its catalogue proves, after a failure or a change by hand. What is not proven cannot be
/// marked; what is there in parts is cleaned up first.
/// </summary>
public sealed class MigrationResolution
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly TargetAccess access;
    private readonly MigrationScripts scripts;
    private readonly MigrationJournal journal;
    private readonly AuditLog audit;
    private readonly TimeProvider time;

    internal MigrationResolution(TargetAccess access, MigrationScripts scripts, MigrationJournal journal, AuditLog audit, TimeProvider time) =>
        (this.access, this.scripts, this.journal, this.audit, this.time) = (access, scripts, journal, audit, time);

    public async Task<ResolutionView> LookAsync(string target, string migrationId, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(access.Owner(target).ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return await LookAsync(connection, migrationId, cancellationToken);
    }

    /// <summary>Marks the migration as what is proven; refused with what was found when it is there in parts.</summary>
    public Task<MigrationOutcome> ResolveAsync(Actor actor, string target, string migrationId, string? reason, CancellationToken cancellationToken) =>
        UnderLockAsync(actor, target, reason, async (connection, identity) =>
        {
            var view = await LookAsync(connection, migrationId, cancellationToken);
            switch (view)
            {
                case { Proof.Trace: MigrationTrace.Partial }:
                    return new MigrationOutcome.Refused([
                        $"“{MigrationScript.NameOf(migrationId)}” is there in parts. Missing: {string.Join("; ", view.Proof.Missing)}",
                        view.Losses.Count > 0 ? $"The parts cannot be taken away from here: {string.Join(", ", view.Losses)}." : $"The clean-up: {string.Join(' ', view.CleanUp)}"]);
                case { Proof.Trace: MigrationTrace.After, IsApplied: true }:
                    return new MigrationOutcome.Nothing("It is applied, and the history says so.");
                case { Proof.Trace: MigrationTrace.After }:
                    await TargetHistory.ExecuteAsync(connection, scripts.HistoryTable, cancellationToken);
                    await TargetHistory.ExecuteAsync(connection, scripts.HistoryInsert(migrationId), cancellationToken);
                    await RecordAsync(actor, target, identity, migrationId, MigrationAct.ResolvedApplied, reason, cancellationToken);
                    return new MigrationOutcome.Nothing("All of it is there: marked as applied.");
                default:
                    if (view.IsApplied)
                    {
                        await TargetHistory.ExecuteAsync(connection, scripts.HistoryDelete(migrationId), cancellationToken);
                    }

                    await RecordAsync(actor, target, identity, migrationId, MigrationAct.ResolvedRolledBack, reason, cancellationToken);
                    return new MigrationOutcome.Nothing("Nothing of it is there: marked as not applied.");
            }
        }, cancellationToken);

    /// <summary>Takes the parts of a half-applied migration away, without losing a row, and marks it as not applied.</summary>
    public Task<MigrationOutcome> CleanUpAsync(Actor actor, string target, string migrationId, string? reason, CancellationToken cancellationToken) =>
        UnderLockAsync(actor, target, reason, async (connection, identity) =>
        {
            var view = await LookAsync(connection, migrationId, cancellationToken);
            if (view.Proof.Trace != MigrationTrace.Partial)
            {
                return new MigrationOutcome.Changed();
            }

            if (view.Losses.Count > 0)
            {
                return new MigrationOutcome.Refused([$"It would lose data: {string.Join(", ", view.Losses)}. Save that first."]);
            }

            foreach (var statement in view.CleanUp)
            {
                await TargetHistory.ExecuteAsync(connection, statement, cancellationToken);
            }

            await TargetHistory.ExecuteAsync(connection, scripts.HistoryTable, cancellationToken);
            await TargetHistory.ExecuteAsync(connection, scripts.HistoryDelete(migrationId), cancellationToken);
            await RecordAsync(actor, target, identity, migrationId, MigrationAct.ResolvedRolledBack, reason, cancellationToken);
            return new MigrationOutcome.Nothing("The parts are gone: it can be applied again.");
        }, cancellationToken);

    private static async Task<ResolutionView> LookAsync(NpgsqlConnection connection, string migrationId, CancellationToken cancellationToken)
    {
        var history = await TargetHistory.ReadAsync(connection, cancellationToken);
        var catalogue = await CatalogueLines.ReadAsync(connection, cancellationToken);
        var proof = MigrationProof.Of(migrationId, catalogue);
        var isPartial = proof.Trace == MigrationTrace.Partial;
        return new ResolutionView(
            proof, history.Applied.Contains(migrationId), isPartial ? MigrationCleanUp.Statements(proof, catalogue) : [],
            isPartial ? await MigrationCleanUp.LossesAsync(connection, proof, cancellationToken) : []);
    }

    private async Task<MigrationOutcome> UnderLockAsync(
        Actor actor, string target, string? reason, Func<NpgsqlConnection, string, Task<MigrationOutcome>> act, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin)
        {
            return new MigrationOutcome.NotAllowed();
        }

        if (Names.Clean(reason) is null)
        {
            return new MigrationOutcome.Refused(["Say why: the reason stands in the record."]);
        }

        await using var connection = new NpgsqlConnection(access.Owner(target).ConnectionString);
        await connection.OpenAsync(cancellationToken);
        try
        {
            // The same locks as a run takes; a run that is on goes first, and one that has just ended still closes its connection.
            using var step = new RunJournal("", 0, 0, time).Begin("");
            await TargetLock.TakeAsync(connection, step, Patience, time, cancellationToken);
        }
        catch (RunFailedException busy)
        {
            return new MigrationOutcome.Refused([busy.Message]);
        }

        return await act(connection, (await TargetIdentity.ReadAsync(connection, cancellationToken)).Key);
    }

    private async Task RecordAsync(Actor actor, string target, string identity, string migrationId, MigrationAct act, string? reason, CancellationToken cancellationToken)
    {
        var record = await journal.BeginAsync(target, identity, scripts.Find(migrationId)!, act, null, actor, reason, cancellationToken);
        await journal.EndAsync(record, null, cancellationToken);
        await audit.WriteAsync(actor, "migration.resolved", target, "done", $"{MigrationScript.NameOf(migrationId)} {act}: {reason}", cancellationToken);
    }
}
