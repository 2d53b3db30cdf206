using System.Text.Json;
using AdminPortal.Data;
using Npgsql;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>The database's side of one push, inside its transaction. Five round trips, whatever the number of operations.</summary>
internal sealed class PushStore(NpgsqlConnection connection, NpgsqlTransaction transaction, SyncEntitySet entities, string userId, string deviceId)
{
    /// <summary>Takes the head, and reads what of the push is known.</summary>
    public async Task<(SyncGateRow Gate, Dictionary<string, (byte[] Hash, string Result)> Ledger, PushKnown Known)> OpenAsync(
        IReadOnlyList<ReadOp> ops, CancellationToken cancellationToken)
    {
        var opIds = ops.Select(o => o.OpId).ToArray();
        var clientIds = ops.SelectMany(o => o.Op is { } op ? op.Parents.Values.Append(op.ClientId) : []).OfType<string>().Distinct().ToArray();
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add(SyncSql.Device, SyncSql.P(deviceId));
        batch.Add(SyncSql.Gate, SyncSql.P(deviceId));
        batch.Add(SyncSql.Stamp, SyncSql.P(userId));
        batch.Add(SyncSql.Ledger, SyncSql.P(userId), SyncSql.P(opIds));
        batch.Add(SyncSql.ClientIds, SyncSql.P(userId), SyncSql.P(clientIds), SyncSql.P(entities.NameList));
        batch.Add(SyncSql.FailedCreates, SyncSql.P(userId), SyncSql.P(clientIds), SyncSql.P(entities.NameList));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var gate = await SyncGateRow.ReadAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var head = reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        var ledger = new Dictionary<string, (byte[], string)>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            ledger[reader.GetString(0)] = (reader.GetFieldValue<byte[]>(1), reader.GetString(2));
        }

        var known = new PushKnown([], [], []) { Head = head };
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            known.Ids[(reader.GetString(0), reader.GetString(1))] = reader.GetString(2);
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            known.Failed.Add((reader.GetString(0), reader.GetString(1)));
        }

        return (gate, ledger, known);
    }

    /// <summary>Holds the rows that the operations name, so that the host application cannot change them meanwhile, and reads them with their versions.</summary>
    public async Task LoadAsync(PushKnown known, IReadOnlyList<SyncOp> ops, CancellationToken cancellationToken)
    {
        var wanted = ops.Select(op => (op.Entity, Id: known.FindId(op)))
            .Concat(ops.SelectMany(op => op.Entity.Parents.Select(f => (
                Entity: entities.Find(f.Parent)!, Id: op.Parents.TryGetValue(f.Name, out var client) ? known.Ids.GetValueOrDefault((f.Parent!, client)) : op.Values.GetValueOrDefault(f.Name) as string))))
            .Where(w => w.Id is not null).Distinct().ToList();
        var numbered = ops.Where(op => op is { Act: SyncAct.Create, Entity.Columns.HasSequence: true } && known.FindId(op) is null).ToLookup(op => op.Entity);
        if (wanted.Count == 0 && numbered.Count == 0)
        {
            return;
        }

        var named = entities.All.Where(e => wanted.Exists(w => w.Entity == e)).ToList();
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var news in numbered)
        {
            batch.Add(news.Key.Statements.NewIds, SyncSql.P(news.Count()));
        }

        foreach (var entity in named)
        {
            batch.Add(entity.Statements.Lock, SyncSql.P(userId), SyncSql.P(wanted.Where(w => w.Entity == entity).Select(w => w.Id!).ToArray()));
        }

        batch.Add(SyncSql.StampRows, SyncSql.P(userId), SyncSql.P(wanted.Select(w => w.Id!).ToArray())); // what was written until the rows were held has a version now
        batch.Add(SyncSql.Changes, SyncSql.P(userId), SyncSql.P(wanted.Select(w => w.Entity.Name).ToArray()), SyncSql.P(wanted.Select(w => w.Id!).ToArray()));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var news in numbered)
        {
            foreach (var op in news)
            {
                await reader.ReadAsync(cancellationToken);
                known.NewIds[op.OpId] = reader.GetString(0);
            }

            await reader.NextResultAsync(cancellationToken);
        }

        foreach (var entity in named)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var values = entity.Fields.Select((f, i) => (f.Name, Value: reader.Read(i + 2, f.Type))).ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal);
                var row = new SyncRow(entity, reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), values, 0, SyncRow.NoFields);
                known.Rows[row.Key] = row;
            }

            await reader.NextResultAsync(cancellationToken);
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var key = (Entity: reader.GetString(0), Id: reader.GetString(1));
            var row = known.Rows.GetValueOrDefault(key) ?? new SyncRow(entities.Find(key.Entity)!, key.Id, null, null, 0, SyncRow.NoFields);
            known.Rows[key] = row with { Version = reader.GetInt64(2), Fields = FieldVersion.Parse(reader.GetString(4), row.Entity) };
        }
    }

    /// <summary>Writes what a plan decided. Every statement names the person, so that no plan can reach anyone else's row.</summary>
    public async Task WriteAsync(PushPlan plan, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        var touched = plan.Touched.ToList();
        foreach (var entity in entities.All)
        {
            foreach (var rows in touched.Where(r => r.Entity == entity && r is { IsNew: true, Values: not null }).GroupBy(r => Written(r), FieldsEqual.Instance))
            {
                Write(batch, entity.Statements.Insert(rows.Key), rows.Key, [.. rows]);
            }

            foreach (var rows in touched.Where(r => r.Entity == entity && r is { IsNew: false, Values: not null }).GroupBy(r => Written(r), FieldsEqual.Instance).Where(g => g.Key.Count > 0))
            {
                Write(batch, entity.Statements.Update(rows.Key), rows.Key, [.. rows]);
            }
        }

        foreach (var entity in entities.All.Reverse())
        {
            var ids = touched.Where(r => r.Entity == entity && r is { IsNew: false, Values: null }).Select(r => r.Id).ToArray();
            if (ids.Length > 0)
            {
                batch.Add(entity.Statements.Delete, SyncSql.P(userId), SyncSql.P(ids));
            }
        }

        var made = touched.Where(r => r.IsNew).ToList();
        if (made.Count > 0)
        {
            batch.Add(
                SyncSql.AddClientIds, SyncSql.P(userId), SyncSql.P(made.Select(r => r.Entity.Name).ToArray()), SyncSql.P(made.Select(r => r.ClientId!).ToArray()),
                SyncSql.P(made.Select(r => r.Id).ToArray()));
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Gives what was written its versions: the head, and the version of every row asked for.</summary>
    public async Task<(long Head, Dictionary<(string Entity, string Id), long> Versions)> StampAsync(
        IReadOnlyList<SyncRow> rows, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add(SyncSql.StampRows, SyncSql.P(userId), SyncSql.P(rows.Select(r => r.Id).ToArray()));
        var kept = rows.Where(r => r is { ClientId: not null, Entity.Columns.ClientId: null }).ToList();
        if (kept.Count > 0)
        {
            batch.Add(
                SyncSql.KeepClientIds, SyncSql.P(userId), SyncSql.P(kept.Select(r => r.Entity.Name).ToArray()), SyncSql.P(kept.Select(r => r.Id).ToArray()), SyncSql.P(kept.Select(r => r.ClientId).ToArray()));
        }

        batch.Add(SyncSql.Changes, SyncSql.P(userId), SyncSql.P(rows.Select(r => r.Entity.Name).ToArray()), SyncSql.P(rows.Select(r => r.Id).ToArray()));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var head = reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        var versions = new Dictionary<(string, string), long>();
        while (await reader.ReadAsync(cancellationToken))
        {
            versions[(reader.GetString(0), reader.GetString(1))] = reader.GetInt64(2);
        }

        return (head, versions);
    }

    /// <summary>The answers, what was lost, and what was refused: with the effects or not at all.</summary>
    public async Task RecordAsync(IReadOnlyList<(ReadOp Op, PushResult Result)> answered, IReadOnlyList<LostValues> lost, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add(
            SyncSql.AddToLedger, SyncSql.P(userId), SyncSql.P(answered.Select(a => a.Op.OpId).ToArray()), SyncSql.P(answered.Select(a => a.Op.Hash).ToArray()),
            SyncSql.P(answered.Select(a => JsonSerializer.Serialize(a.Result, PushResult.Json)).ToArray()));
        if (lost.Count > 0)
        {
            batch.Add(
                SyncSql.AddConflicts, SyncSql.P(userId), SyncSql.P(deviceId), SyncSql.P(lost.Select(_ => Ids.New()).ToArray()), SyncSql.P(lost.Select(l => l.Entity.Name).ToArray()),
                SyncSql.P(lost.Select(l => l.EntityId).ToArray()), SyncSql.P(lost.Select(l => l.OpId).ToArray()), SyncSql.P(lost.Select(l => l.LosingDeviceId).ToArray()),
                SyncSql.P(lost.Select(l => string.Join(',', l.Values.Keys)).ToArray()), SyncSql.P(lost.Select(l => SyncRow.ToJson(l.Values).ToJsonString()).ToArray()),
                SyncSql.P(lost.Select(l => l.ByDelete).ToArray()));
        }

        var rejected = answered.Where(a => a.Result.Problem is not null && a.Result.Status == PushResult.Rejected && a.Result.Problem.Type != SyncProblem.Changed).ToList();
        if (rejected.Count > 0)
        {
            batch.Add(
                SyncSql.AddRejections, SyncSql.P(userId), SyncSql.P(deviceId), SyncSql.P(rejected.Select(_ => Ids.New()).ToArray()), SyncSql.P(rejected.Select(r => r.Op.OpId).ToArray()),
                SyncSql.P(rejected.Select(r => r.Op.Op?.Entity.Name ?? "unknown").ToArray()), SyncSql.P(rejected.Select(r => r.Op.Op?.Id).ToArray()),
                SyncSql.P(rejected.Select(r => r.Op.Op?.ClientId).ToArray()), SyncSql.P(rejected.Select(r => r.Result.Problem!.Type).ToArray()),
                SyncSql.P(rejected.Select(r => r.Result.Problem!.Detail).ToArray()), SyncSql.P(rejected.Select(r => r.Op.Source.GetRawText()).ToArray()));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Of the guides' tables a whole row, so that one statement serves all; of a host's only what changed, and of a new row what its table does not fill by itself.</summary>
    private static IReadOnlyList<SyncField> Written(SyncRow row) =>
        !row.Entity.Columns.IsDeclared ? row.Entity.Fields : row.IsNew ? [.. row.Entity.Fields.Where(f => row.Values!.ContainsKey(f.Name))] : row.Changed;

    private void Write(NpgsqlBatch batch, string sql, IReadOnlyList<SyncField> fields, List<SyncRow> rows) => batch.Add(sql,
    [
        SyncSql.P(userId), SyncSql.P(rows.Select(r => r.Id).ToArray()), SyncSql.P(rows.Select(r => r.ClientId).ToArray()),
        .. fields.Select(f => SyncValues.Column(f.Type, rows.Select(r => r.Values!.GetValueOrDefault(f.Name)))),
    ]);

    private sealed class FieldsEqual : IEqualityComparer<IReadOnlyList<SyncField>>
    {
        public static FieldsEqual Instance { get; } = new();

        public bool Equals(IReadOnlyList<SyncField>? x, IReadOnlyList<SyncField>? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.Select(f => f.Name).SequenceEqual(y.Select(f => f.Name), StringComparer.Ordinal));

        public int GetHashCode(IReadOnlyList<SyncField> obj) => obj.Count;
    }
}
