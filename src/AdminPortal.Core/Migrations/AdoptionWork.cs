using System.Text.Json;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Migrations;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>
/// Takes over a database that Prisma or a person made: what the catalogue proves to be there is recorded as applied, in
/// order, up to the first migration that is not there. Tokens that a host stored raw are replaced by their hashes.
/// </summary>
internal sealed class AdoptionWork(TargetAccess access, MigrationScripts scripts, MigrationJournal journal, TimeProvider time) : IRunWork
{
    private const int Batch = 1000;

    public IReadOnlyCollection<string> Kinds { get; } = [MigrationRuns.Adopt];

    public async Task WorkAsync(RunContext run, CancellationToken cancellationToken)
    {
        var order = JsonSerializer.Deserialize<MigrationOrder>(run.Parameters)!;
        using var opening = run.Journal.Begin("Take the lock");
        await using var session = await MigrationSession.OpenAsync(access, order.Identity, run, opening, time, cancellationToken);
        opening.Done();
        var proven = await CompareAsync(run, session, cancellationToken);
        await RecordAsync(run, order, session, proven, cancellationToken);
        await HashTokensAsync(run, session.Connection, cancellationToken);
        await RuntimeGrants.ApplyAsync(session.Connection, access.RuntimeRole(run.Target), cancellationToken);
        run.Report(proven.Count, 0, proven.Count);
    }

    private async Task<IReadOnlyList<MigrationScript>> CompareAsync(RunContext run, MigrationSession session, CancellationToken cancellationToken)
    {
        using var step = run.Journal.Begin("Compare the catalogue with each migration");
        var catalogue = await CatalogueLines.ReadAsync(session.Connection, cancellationToken);
        var proofs = scripts.All.Select(m => MigrationProof.Of(m.Id, catalogue)).ToList();
        foreach (var proof in proofs)
        {
            run.Journal.Log($"{MigrationScript.NameOf(proof.MigrationId)}: {proof.Trace}{(proof.Trace == MigrationTrace.Partial ? $"; missing: {string.Join("; ", proof.Missing)}" : "")}");
        }

        if (proofs.FirstOrDefault(p => p.Trace == MigrationTrace.Partial) is { } partial)
        {
            var words = $"{MigrationScript.NameOf(partial.MigrationId)} is there in parts. Missing: {string.Join("; ", partial.Missing.Take(5))}. Resolve it first.";
            step.Failed(words);
            throw new RunFailedException($"Nothing was recorded. {words}");
        }

        var proven = proofs.TakeWhile(p => p.Trace == MigrationTrace.After).Select(p => scripts.Find(p.MigrationId)!).ToList();
        if (proven.Count == 0)
        {
            step.Failed("Not even the baseline is there.");
            throw new RunFailedException("Nothing was recorded: the tables users, tasks and focus_sessions are not as this release knows them. Verification lists each difference.");
        }

        step.Done($"{proven.Count} of {scripts.All.Count} are there, up to {proven[^1].Name}.");
        return proven;
    }

    private async Task RecordAsync(RunContext run, MigrationOrder order, MigrationSession session, IReadOnlyList<MigrationScript> proven, CancellationToken cancellationToken)
    {
        using var step = run.Journal.Begin("Record what is there as applied");
        await TargetHistory.ExecuteAsync(session.Connection, scripts.HistoryTable, cancellationToken);
        var missing = proven.Where(m => !session.History.Applied.Contains(m.Id)).ToList();
        await using (var transaction = await session.Connection.BeginTransactionAsync(cancellationToken))
        {
            foreach (var migration in missing)
            {
                await TargetHistory.ExecuteAsync(session.Connection, scripts.HistoryInsert(migration.Id), cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }

        foreach (var migration in missing)
        {
            var record = await journal.BeginAsync(run.Target, order.Identity, migration, MigrationAct.Adopted, run.Id, run.Actor, run.Reason, cancellationToken);
            await journal.EndAsync(record, null, cancellationToken);
        }

        step.Done($"{missing.Count} recorded.");
    }

    private static async Task HashTokensAsync(RunContext run, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var step = run.Journal.Begin("Replace raw session tokens by their hashes");
        var exists = (await TargetHistory.ListAsync(connection, "SELECT to_regclass('public.device_pairings') IS NOT NULL", r => r.GetBoolean(0), cancellationToken))[0];
        long hashed = 0;
        while (exists && !run.StopsHere())
        {
            await using var command = new NpgsqlCommand(
                $$"""
                 UPDATE public.device_pairings SET "sessionToken" = 'sha256:' || encode(sha256(convert_to("sessionToken", 'UTF8')), 'hex')
                 WHERE id IN (SELECT id FROM public.device_pairings WHERE "sessionToken" !~ '^sha256:[0-9a-f]{64}$' ORDER BY id LIMIT {{Batch}} FOR UPDATE)
                 """, connection);
            var rows = await command.ExecuteNonQueryAsync(cancellationToken);
            hashed += rows;
            step.Tell($"{hashed:N0} replaced.");
            if (rows < Batch)
            {
                break;
            }
        }

        step.Done(hashed == 0 ? "There was none." : $"{hashed:N0} replaced. A host that checks tokens itself has to compare hashes from now on.");
    }
}
