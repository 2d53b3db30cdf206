using System.Text.Json;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>
/// Applies what devices did offline. Effects, answers and versions commit together or not at all, so a request whose answer was
/// lost can be sent again; an operation that can never be applied is recorded, and the ones after it go on.
/// </summary>
public sealed class SyncPush(DeviceDatabases databases, SyncEntities declared)
{
    /// <exception cref="NpgsqlException">The database is away, or too busy: nothing was acknowledged, nothing has happened.</exception>
    public async Task<PushOutcome> PushAsync(SyncCaller caller, PushBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Ops.Count > PushBatch.Limit)
        {
            return new PushOutcome.Refused(new SyncRefusal.TooLarge());
        }

        var entities = await declared.GetAsync(cancellationToken);
        if (batch.Ops.Any(op => SyncOpReader.NamesUnknown(entities, op)))
        {
            entities = await declared.RefreshAsync(cancellationToken); // a refusal is for ever
        }

        var read = batch.Ops.Select(op => SyncOpReader.Read(entities, op)).ToList();
        var ops = read.OfType<ReadOp>().ToList();
        var outcome = await SyncRetry.Pipeline.ExecuteAsync(async token => await OnceAsync(caller, entities, batch.SchemaVersion, ops, token), cancellationToken);
        if (outcome is not PushOutcome.Done done || ops.Count == read.Count)
        {
            return outcome;
        }

        var results = new Queue<PushResult>(done.Results);
        return done with { Results = [.. read.Select((op, index) => op is null ? Nameless(index) : results.Dequeue())] };
    }

    /// <summary>There is no name to keep it by, so it is answered by its place, and again each time.</summary>
    private static PushResult Nameless(int index) => new(
        "", PushResult.Rejected, Problem: new SyncProblem(SyncProblem.Validation, "It needs an opId: a text of 1 to 128 characters."))
    { Index = index };

    private async Task<PushOutcome> OnceAsync(SyncCaller caller, SyncEntitySet entities, int schemaVersion, List<ReadOp> ops, CancellationToken cancellationToken)
    {
        await using var connection = await databases.KeyedDataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var store = new PushStore(connection, transaction, entities, caller.UserId, caller.DeviceId);
        var (gate, ledger, known) = await store.OpenAsync(ops, cancellationToken);
        if (gate.Refuse(caller.UserId, schemaVersion) is { } refusal)
        {
            return new PushOutcome.Refused(refusal);
        }

        var fresh = ops.Where(o => !ledger.ContainsKey(o.OpId)).DistinctBy(o => o.OpId, StringComparer.Ordinal).ToList();
        var whole = InOrder([.. fresh.Select(o => o.Op).OfType<SyncOp>()]);
        await store.LoadAsync(known, whole, cancellationToken);
        var attempt = new PushAttempt(store, transaction, caller.DeviceId);
        foreach (var failed in fresh.Where(o => o.Op is null && ClientIdOf(o) is not null))
        {
            MarkFailed(entities, known, failed);
        }

        await attempt.ApplyAsync(known, whole, cancellationToken);
        var (head, versions) = await store.StampAsync([.. attempt.Rows], cancellationToken);
        var lost = attempt.Lost.ToDictionary(l => l.OpId, StringComparer.Ordinal);
        var answered = fresh.Select(o => (Op: o, Result: Complete(o, attempt, versions, lost.GetValueOrDefault(o.OpId)))).ToList();
        var final = answered.Where(a => a.Result.Problem?.Type != SyncProblem.DependencyMissing).ToList();
        if (final.Count > 0)
        {
            await store.RecordAsync(final, attempt.Lost, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        var results = answered.ToDictionary(a => a.Op.OpId, a => (a.Op.Hash, a.Result), StringComparer.Ordinal);
        var first = new HashSet<string>(StringComparer.Ordinal);
        return new PushOutcome.Done(
            [.. ops.Select(o => first.Add(o.OpId) && results.TryGetValue(o.OpId, out var mine) ? mine.Result : Replay(o, results, ledger))], head);
    }

    /// <summary>What an operation names comes before it, wherever in the push it stands.</summary>
    private static List<SyncOp> InOrder(List<SyncOp> ops)
    {
        if (ops.TrueForAll(op => op.Parents.Count == 0))
        {
            return ops;
        }

        var creates = new Dictionary<(string, string), SyncOp>();
        foreach (var op in ops.Where(op => op is { Act: SyncAct.Create, ClientId: not null }))
        {
            creates.TryAdd((op.Entity.Name, op.ClientId!), op);
        }

        var (ordered, begun) = (new List<SyncOp>(ops.Count), new HashSet<SyncOp>(ReferenceEqualityComparer.Instance));
        foreach (var op in ops)
        {
            Place(op);
        }

        return ordered;

        void Place(SyncOp op)
        {
            if (!begun.Add(op))
            {
                return; // it stands already, or two name each other: the second finds the first missing
            }

            foreach (var (field, clientId) in op.Parents)
            {
                if (creates.TryGetValue((op.Entity.Field(field)!.Parent!, clientId), out var parent))
                {
                    Place(parent);
                }
            }

            ordered.Add(op);
        }
    }

    private static PushResult Complete(ReadOp op, PushAttempt attempt, Dictionary<(string, string), long> versions, LostValues? lost)
    {
        if (op.Op is not { } whole)
        {
            return new PushResult(op.OpId, PushResult.Rejected, ClientId: ClientIdOf(op), Problem: op.Problem);
        }

        var result = attempt.Results[op.OpId];
        return result with
        {
            Version = result.Id is { } id && versions.TryGetValue((whole.Entity.Name, id), out var version) ? version : null,
            Lost = lost is null ? null : SyncRow.ToJson(lost.Values),
            Row = (result.Status is PushResult.Merged or PushResult.Conflict || result.Problem?.Type == SyncProblem.Changed) && result.Id is { } rowId ? attempt.Row(whole.Entity, rowId)?.ToJson() : null,
        };
    }

    /// <summary>The answer of the first time; another wish under the same id is refused, and not recorded.</summary>
    private static PushResult Replay(ReadOp op, Dictionary<string, (byte[] Hash, PushResult Result)> now, Dictionary<string, (byte[] Hash, string Result)> ledger)
    {
        var (hash, result) = now.TryGetValue(op.OpId, out var mine)
            ? mine
            : (ledger[op.OpId].Hash, JsonSerializer.Deserialize<PushResult>(ledger[op.OpId].Result, PushResult.Json)!);
        return hash.AsSpan().SequenceEqual(op.Hash)
            ? result with { Replayed = true }
            : new PushResult(op.OpId, PushResult.Rejected, Problem: new SyncProblem(SyncProblem.OpIdReused, "This opId was used for another operation. Make a new id for every operation."));
    }

    /// <summary>What depends on a create that cannot be read is told so.</summary>
    private static void MarkFailed(SyncEntitySet entities, PushKnown known, ReadOp op)
    {
        foreach (var entity in entities.All)
        {
            known.Failed.Add((entity.Name, ClientIdOf(op)!));
        }
    }

    private static string? ClientIdOf(ReadOp op) => op.Op is { } whole
        ? whole.ClientId
        : op.Problem?.Type == SyncProblem.Validation ? SyncOpReader.StorableText(op.Source, "clientId") : null;
}
