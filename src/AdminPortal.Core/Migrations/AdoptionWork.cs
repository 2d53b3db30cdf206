using System.Text.Json;
using AdminPortal.Core.Hosts;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Migrations;

namespace AdminPortal.Core.Migrations;

/// <summary>
/// Takes over a database that Prisma or a person made: what the catalogue proves to be there is recorded as applied, in
/// order, up to the first migration that is not there. Tokens that a host stored raw are replaced by their hashes.
/// </summary>
internal sealed class AdoptionWork(TargetAccess access, HostMappings mappings, MigrationJournal journal, MigrationSafety safety, TimeProvider time) : IRunWork
{
    public IReadOnlyCollection<string> Kinds { get; } = [MigrationRuns.Adopt];

    public async Task WorkAsync(RunContext run, CancellationToken cancellationToken)
    {
        var order = JsonSerializer.Deserialize<MigrationOrder>(run.Parameters)!;
        if (order.WithBackup && await HasRawTokensAsync(run.Target, cancellationToken) && !await safety.BackUpAsync(run, cancellationToken))
        {
            return;
        }

        using var opening = run.Journal.Begin("Take the lock");
        await using var session = await MigrationSession.OpenAsync(access, order.Identity, run, opening, time, cancellationToken);
        opening.Done();
        var set = await mappings.SetAsync(run.Target, cancellationToken);
        var proven = await CompareAsync(run, session, set, cancellationToken);
        await RecordAsync(run, order, session, set, proven, cancellationToken);
        await RawTokens.HashAsync(run, session.Connection, cancellationToken);
        await RuntimeGrants.ApplyAsync(session.Connection, access.RuntimeRole(run.Target), cancellationToken);
        run.Report(proven.Count, 0, proven.Count);
    }

    private async Task<bool> HasRawTokensAsync(string target, CancellationToken cancellationToken)
    {
        await using var connection = await TargetConnection.OpenAsync(access.Owner(target).ConnectionString, cancellationToken);
        return await RawTokens.AnyAsync(connection, cancellationToken);
    }

    private static async Task<IReadOnlyList<MigrationScript>> CompareAsync(RunContext run, MigrationSession session, MigrationSet set, CancellationToken cancellationToken)
    {
        using var step = run.Journal.Begin("Compare the catalogue with each migration");
        var catalogue = await CatalogueLines.ReadAsync(session.Connection, cancellationToken);
        var proofs = set.All.Select(m => set.Effects.Of(m.Id, catalogue)).ToList();
        foreach (var proof in proofs)
        {
            run.Journal.Log($"{MigrationScript.NameOf(proof.MigrationId)}: {proof.Trace}{(proof.Trace == MigrationTrace.Partial ? $"; missing: {string.Join("; ", proof.Missing)}" : "")}");
        }

        if (proofs.FirstOrDefault(p => p.Trace == MigrationTrace.Partial && !p.Found.All(IsUsed)) is { } partial)
        {
            var words = $"{MigrationScript.NameOf(partial.MigrationId)} is there in parts. Missing: {string.Join("; ", partial.Missing.Take(5))}.";
            step.Failed(words);
            throw new RunFailedException($"Nothing was recorded or changed: this host does not fit, because {words} What is there is the host's, and the portal leaves it alone. Say where its people are instead: portal migrate adopt --look.");
        }

        var proven = proofs.TakeWhile(p => p.Trace == MigrationTrace.After).Select(p => set.Find(p.MigrationId)!).ToList();
        if (proven.Count == 0)
        {
            step.Failed("Not even the baseline is there.");
            throw new RunFailedException("Nothing was recorded: the tables users, tasks and focus_sessions are not as this release knows them. Say where its people are instead: the page “Where its people are”, or portal migrate adopt --look.");
        }

        step.Done($"{proven.Count} of {set.All.Count} are there, up to {proven[^1].Name}.");
        return proven;
    }

    /// <summary>A type or an extension of the host's own, equal to what a migration would make, is used by it as it is.</summary>
    private static bool IsUsed(string line) => line.StartsWith("enum ", StringComparison.Ordinal) || line.StartsWith("extension ", StringComparison.Ordinal);

    private async Task RecordAsync(RunContext run, MigrationOrder order, MigrationSession session, MigrationSet set, IReadOnlyList<MigrationScript> proven, CancellationToken cancellationToken)
    {
        using var step = run.Journal.Begin("Record what is there as applied");
        await TargetHistory.ExecuteAsync(session.Connection, set.HistoryTable, cancellationToken);
        var missing = proven.Where(m => !session.History.Applied.Contains(m.Id)).ToList();
        await using (var transaction = await session.Connection.BeginTransactionAsync(cancellationToken))
        {
            foreach (var migration in missing)
            {
                await TargetHistory.ExecuteAsync(session.Connection, set.HistoryInsert(migration.Id), cancellationToken);
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
}
