using AdminPortal.Data;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>
/// Decides, without the database, what each operation of a push does to the rows that the push holds. Client clocks decide nothing:
/// what arrives last wins, a delete beats an update, and every value that loses is in <see cref="Lost"/>.
/// </summary>
internal sealed class PushPlan(PushKnown known, string deviceId)
{
    private readonly Dictionary<string, PushResult> results = new(StringComparer.Ordinal);
    private readonly List<LostValues> lost = [];
    private readonly List<(string Entity, string Id)> touched = [];

    public PushKnown Known => known;

    /// <summary>By operation; versions and rows are added when they are known.</summary>
    public IReadOnlyDictionary<string, PushResult> Results => results;

    public IReadOnlyList<LostValues> Lost => lost;

    /// <summary>Rows that have to be written: as they are in <see cref="Known"/> in the end.</summary>
    public IEnumerable<SyncRow> Touched => touched.Distinct().Select(key => known.Rows[key]);

    public void Add(SyncOp op) => results[op.OpId] = op.Act switch
    {
        SyncAct.Create when known.FindId(op) is null => Create(op),
        SyncAct.Delete => Delete(op),
        _ => Update(op),
    };

    private PushResult Create(SyncOp op)
    {
        if ((Refused(op, out var values) ?? Undeclared(op.Entity, values, null) ?? Broken(op.Entity, values)) is { } problem)
        {
            (problem.Type == SyncProblem.DependencyMissing ? known.Missing : known.Failed).Add((op.Entity.Name, op.ClientId!));
            return Rejected(op, problem);
        }

        if (op.Id is { } wanted && known.Rows.ContainsKey((op.Entity.Name, wanted)))
        {
            known.Failed.Add((op.Entity.Name, op.ClientId!));
            return Rejected(op, new SyncProblem(SyncProblem.ClientIdUnavailable, "There is a row of this id under another clientId. Make new ones; ids must be random."));
        }

        var row = new SyncRow(op.Entity, op.Id ?? NewId(op), op.ClientId, new Dictionary<string, object?>(StringComparer.Ordinal), 0, SyncRow.NoFields) { IsNew = true };
        known.Ids[(op.Entity.Name, op.ClientId!)] = row.Id;
        Write(row with { Values = values, Fields = Own(values) });
        return new PushResult(op.OpId, PushResult.Applied, row.Id, op.ClientId);
    }

    /// <summary>Also a create whose client id is known: the row is there already, so it is met as a change of it.</summary>
    private PushResult Update(SyncOp op)
    {
        if (known.FindId(op) is not { } id || known.Find(op) is not { } row)
        {
            return Rejected(op, op.ClientId is { } waiting && known.Missing.Contains((op.Entity.Name, waiting))
                ? new SyncProblem(SyncProblem.DependencyMissing, "The create of this row waits for another operation. Send both again, after that.")
                : op.ClientId is { } clientId && known.Failed.Contains((op.Entity.Name, clientId))
                ? new SyncProblem(SyncProblem.DependencyFailed, "The create of this row was rejected. Correct that first.")
                : new SyncProblem(SyncProblem.Gone, "There is no such row, or its deletion was forgotten. An update never creates."));
        }

        if (Refused(op, out var values) is { } problem)
        {
            return Rejected(op, problem);
        }

        if (op.Act == SyncAct.Create)
        {
            values = values.Where(v => op.Named.Contains(v.Key) || op.Parents.ContainsKey(v.Key)).ToDictionary(StringComparer.Ordinal); // defaults are for new rows
        }

        if (Stale(op, row) is { } stale)
        {
            return stale;
        }

        if (row.Values is null)
        {
            lost.Add(new LostValues(op.OpId, op.Entity, id, deviceId, values, ByDelete: true));
            return new PushResult(op.OpId, PushResult.Conflict, id, op.ClientId ?? row.ClientId, Problem: new SyncProblem(SyncProblem.Gone, "The row was deleted. What this operation wanted to write is kept."));
        }

        if (Undeclared(op.Entity, values, row.Values) is { } undeclared)
        {
            return Rejected(op, undeclared);
        }

        var changed = row.With(values, deviceId);
        if (Broken(op.Entity, changed.Values!) is { } broken && values.Keys.Any(name => !Equals(row.Values.GetValueOrDefault(name), values[name])))
        {
            return Rejected(op, broken);
        }

        var others = row.ChangedAfter(known.BaseOf(op), deviceId).ToHashSet(StringComparer.Ordinal);
        var overlap = values.Where(v => others.Contains(v.Key) && !Equals(row.Values.GetValueOrDefault(v.Key), v.Value)).Select(v => v.Key).ToList();
        if (overlap.Count > 0)
        {
            lost.Add(new LostValues(op.OpId, op.Entity, id, Writer(row, overlap), overlap.ToDictionary(f => f, f => row.Values.GetValueOrDefault(f), StringComparer.Ordinal), ByDelete: false));
        }

        Write(changed);
        return new PushResult(op.OpId, overlap.Count > 0 ? PushResult.Conflict : others.Count > 0 ? PushResult.Merged : PushResult.Applied, id, op.ClientId ?? row.ClientId);
    }

    private PushResult Delete(SyncOp op)
    {
        if (known.Find(op) is not { Values: { } values } row)
        {
            return new PushResult(op.OpId, PushResult.Applied, known.FindId(op), op.ClientId); // it is gone, as was wanted
        }

        if (Stale(op, row) is { } stale)
        {
            return stale;
        }

        var others = row.ChangedAfter(known.BaseOf(op), deviceId).Where(values.ContainsKey).ToList();
        if (others.Count > 0)
        {
            lost.Add(new LostValues(op.OpId, op.Entity, row.Id, Writer(row, others), others.ToDictionary(f => f, f => values[f], StringComparer.Ordinal), ByDelete: true));
        }

        Write(row with { Values = null });
        return new PushResult(op.OpId, others.Count > 0 ? PushResult.Conflict : PushResult.Applied, row.Id, op.ClientId ?? row.ClientId);
    }

    private string NewId(SyncOp op) => known.NewIds.TryGetValue(op.OpId, out var given) ? given : op.Entity.Columns.IdType == "uuid" ? Guid.CreateVersion7().ToString() : Ids.New();

    /// <summary>The values with the rows of other entities as ids, or why they cannot be.</summary>
    private SyncProblem? Refused(SyncOp op, out IReadOnlyDictionary<string, object?> values)
    {
        values = op.Values;
        foreach (var field in op.Entity.Parents)
        {
            var clientId = op.Parents.GetValueOrDefault(field.Name);
            if (clientId is null && op.Values.GetValueOrDefault(field.Name) is not string)
            {
                continue;
            }

            var parent = field.Parent!;
            var id = clientId is not null ? known.Ids.GetValueOrDefault((parent, clientId)) : (string)op.Values[field.Name]!;
            var row = id is null ? null : known.Rows.GetValueOrDefault((parent, id));
            if (id is null || (row is null && clientId is null))
            {
                return new SyncProblem(
                    clientId is null ? SyncProblem.Validation : known.Failed.Contains((parent, clientId)) ? SyncProblem.DependencyFailed : SyncProblem.DependencyMissing,
                    $"The {parent} that {field.Name} names is not known. Send its create first, or leave it out.");
            }

            if (row?.Values is null && field.IsRequired)
            {
                return new SyncProblem(SyncProblem.Validation, $"The {parent} that {field.Name} names was deleted.");
            }

            // What was deleted meanwhile leaves the rows that name it without one, as it does in the table; also where its deletion left no trace, or was forgotten.
            values = new Dictionary<string, object?>(values, StringComparer.Ordinal) { [field.Name] = row?.Values is null ? null : id };
        }

        return null;
    }

    /// <param name="before">What is there may stay.</param>
    private static SyncProblem? Undeclared(SyncEntity entity, IReadOnlyDictionary<string, object?> values, IReadOnlyDictionary<string, object?>? before) =>
        entity.Fields.FirstOrDefault(f => f.Choices is not null && values.GetValueOrDefault(f.Name) is string text
            && !f.Choices.Contains(text, StringComparer.Ordinal) && !Equals(before?.GetValueOrDefault(f.Name), text)) is { } field
            ? new SyncProblem(SyncProblem.Validation, $"{field.Name} must be one of {string.Join(", ", field.Choices!)}.")
            : null;

    private static SyncProblem? Broken(SyncEntity entity, IReadOnlyDictionary<string, object?> values) =>
        entity.Rule(values) is { } broken ? new SyncProblem(SyncProblem.Validation, broken) : null;

    /// <summary>The device wants to decide itself, and others were quicker. What this push did to the row counts as seen.</summary>
    private PushResult? Stale(SyncOp op, SyncRow row) => op.IfVersion is { } seen && seen != row.Version && !touched.Contains(row.Key)
        ? Rejected(op, new SyncProblem(SyncProblem.Changed, "The row is not at this version any more. Look at it as it is now, and decide.")) with { Id = row.Id }
        : null;

    private void Write(SyncRow row)
    {
        known.Rows[row.Key] = row;
        touched.Add(row.Key);
    }

    private Dictionary<string, FieldVersion> Own(IReadOnlyDictionary<string, object?> values) =>
        values.ToDictionary(v => v.Key, _ => new FieldVersion(long.MaxValue, deviceId), StringComparer.Ordinal);

    private static string? Writer(SyncRow row, IEnumerable<string> fields)
    {
        var writers = fields.Select(f => row.Fields[f].DeviceId).Distinct().ToList();
        return writers is [var one] ? one : null;
    }

    private static PushResult Rejected(SyncOp op, SyncProblem problem) => new(op.OpId, PushResult.Rejected, ClientId: op.ClientId, Problem: problem);
}
