using Npgsql;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>
/// Writes the operations of a push. All at once, as nearly always; when the database refuses one for good, halves are tried until
/// it is alone, and only that one is rejected.
/// </summary>
internal sealed class PushAttempt(PushStore store, NpgsqlTransaction transaction, string deviceId)
{
    /// <summary>Classes of what is no fault of an operation: connections, states of transactions, changed tables, resources, the operator, the system.</summary>
    private static readonly string[] Passing = ["08", "0A", "25", "26", "28", "34", "3B", "3D", "3F", "40", "42", "53", "55", "57", "58", "F0", "XX"];

    private readonly Dictionary<string, PushResult> results = new(StringComparer.Ordinal);
    private readonly List<LostValues> lost = [];
    private PushKnown? reached;

    public IReadOnlyDictionary<string, PushResult> Results => results;

    public IReadOnlyList<LostValues> Lost => lost;

    /// <summary>Every row that an answer names.</summary>
    public IEnumerable<SyncRow> Rows => reached is null ? [] : reached.Rows.Values;

    public SyncRow? Row(SyncEntity entity, string id) => reached?.Rows.GetValueOrDefault((entity.Name, id));

    /// <summary>In the order of the operations, on top of what was reached before.</summary>
    public async Task ApplyAsync(PushKnown known, IReadOnlyList<SyncOp> ops, CancellationToken cancellationToken)
    {
        reached ??= known;
        if (ops.Count == 0)
        {
            return;
        }

        var plan = new PushPlan(reached.Copy(), deviceId);
        foreach (var op in ops)
        {
            plan.Add(op);
        }

        await transaction.SaveAsync("ops", cancellationToken);
        try
        {
            await store.WriteAsync(plan, cancellationToken);
            await transaction.ReleaseAsync("ops", cancellationToken);
        }
        catch (PostgresException refused) when (IsForGood(refused, ops[0].Entity.Columns.IsDeclared))
        {
            await transaction.RollbackAsync("ops", cancellationToken);
            if (ops is [var one])
            {
                Reject(one, refused);
                return;
            }

            await ApplyAsync(known, [.. ops.Take(ops.Count / 2)], cancellationToken);
            await ApplyAsync(known, [.. ops.Skip(ops.Count / 2)], cancellationToken);
            return;
        }

        // What was written is no longer new to the operations after it.
        reached = plan.Known;
        foreach (var row in plan.Touched.Where(r => r.IsNew).ToList())
        {
            reached.Rows[row.Key] = row with { IsNew = false };
        }

        lost.AddRange(plan.Lost);
        foreach (var (opId, result) in plan.Results)
        {
            results[opId] = result;
        }
    }

    private void Reject(SyncOp op, PostgresException refused)
    {
        if (op is { Act: SyncAct.Create, ClientId: { } clientId })
        {
            reached!.Failed.Add((op.Entity.Name, clientId));
        }

        var fields = refused.ConstraintName is { } constraint && op.Entity.Constraints.TryGetValue(constraint, out var known) ? known : null;
        var problem = refused.SqlState == PostgresErrorCodes.UniqueViolation && fields is { Count: 0 }
            ? new SyncProblem(SyncProblem.ClientIdUnavailable, "This clientId or id cannot be used. Make new ones; ids must be random.")
            : fields is { Count: > 0 }
            ? new SyncProblem(SyncProblem.Validation, $"The database refuses the value of {string.Join(", ", fields)} ({refused.SqlState}, {refused.ConstraintName}).")
            : new SyncProblem(SyncProblem.Validation, $"The database refuses these values ({refused.SqlState}{(refused.ColumnName is { } column ? $", column {column}" : "")}{(refused.ConstraintName is { } name ? $", {name}" : "")}).");
        results[op.OpId] = new PushResult(op.OpId, PushResult.Rejected, ClientId: op.ClientId, Problem: problem);
    }

    /// <summary>
    /// Classes 22 (data), 23 and 44 (constraints), 54 (limits, such as of an index), and a host's own RAISE: trying again changes nothing. A host's own
    /// triggers may raise what they like, and lack rights that the portal's role does not have.
    /// </summary>
    private static bool IsForGood(PostgresException e, bool isDeclared) => e.SqlState[..2] is "22" or "23" or "44" or "54" || e.SqlState is PostgresErrorCodes.RaiseException
        || (isDeclared && (e.SqlState is PostgresErrorCodes.InsufficientPrivilege || !Array.Exists(Passing, kind => e.SqlState.StartsWith(kind, StringComparison.Ordinal))));
}
