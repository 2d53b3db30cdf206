using System.Data;
using System.Text.Json.Nodes;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>A row as a device gets it.</summary>
/// <param name="Fields">Null: it was deleted.</param>
public sealed record PulledChange(string Entity, string Id, string? ClientId, long Version, bool Deleted, JsonObject? Fields);

/// <summary>What a device asks for.</summary>
/// <param name="Entity">The one that it wants; null: all.</param>
/// <param name="NewestFirst">A first reading begins with what was changed last.</param>
public sealed record PullWish(int SchemaVersion, string? Cursor, int Limit, string? Entity = null, bool NewestFirst = false);

/// <summary>What came of a pull.</summary>
public abstract record PullOutcome
{
    private PullOutcome()
    {
    }

    /// <param name="Acknowledged">The version that the device showed to have of everything; null: this pull is not about that.</param>
    /// <param name="FromNothing">It began to read everything.</param>
    /// <param name="Sent">The version that the answer brings it to; null as above.</param>
    public sealed record Done(IReadOnlyList<PulledChange> Changes, string Cursor, bool HasMore, long Head, long? Acknowledged, bool FromNothing, long? Sent) : PullOutcome;

    public sealed record Refused(SyncRefusal Reason) : PullOutcome;
}

/// <summary>
/// Gives a device what changed since its cursor, in the order of versions. Head and rows are of one snapshot, or the head is held from
/// before versions are given until the rows are read: no row with a version up to an issued cursor can appear later for the first time.
/// </summary>
public sealed class SyncPull(DeviceDatabases databases, SyncEntities declared, SyncLineage lineage, EntityProgress progress)
{
    public const int DefaultLimit = 200;
    public const int MaximumLimit = 500;

    /// <summary>Of an answer that has all pages.</summary>
    public const int StreamedLimit = 2_000;

    /// <summary>For most pulls: what has a version has it in this snapshot, head and rows alike, and nobody is waited for.</summary>
    private const string Look = """
        SELECT coalesce(h.version, 0), coalesce(h."purgeFloor", 0), h.nonce, EXISTS (SELECT FROM sync.dirty WHERE "userId" = $1)
        FROM (SELECT) one LEFT JOIN sync.heads h ON h."userId" = $1
        """;

    private const string KnownStamp = """SELECT nonce FROM sync.stamps WHERE "userId" = $1 AND version = $2""";

    /// <exception cref="NpgsqlException">The database is away, or too busy.</exception>
    public async Task<PullOutcome> PullAsync(SyncCaller caller, PullWish wish, CancellationToken cancellationToken)
    {
        if (wish.Limit is < 1 or > StreamedLimit)
        {
            throw new ArgumentOutOfRangeException(nameof(wish));
        }

        var entities = await declared.GetAsync(cancellationToken);
        if (wish.Entity is { } entity && entities.Find(entity) is null && (entities = await declared.RefreshAsync(cancellationToken)).Find(entity) is null)
        {
            return Invalid($"entity must be {entities.Names}, or absent.");
        }

        return await SyncRetry.Pipeline.ExecuteAsync(async token => await OnceAsync(caller, entities, wish, token), cancellationToken)
            ?? (await SyncRetry.Pipeline.ExecuteAsync(async token => await OnceAsync(caller, (await declared.RefreshAsync(token)).Current(), wish, token), cancellationToken))!;
    }

    private static PullOutcome.Refused Invalid(string message) => new(new SyncRefusal.Invalid(message));

    /// <returns>Null: there are rows of an entity that is not known, or not yet.</returns>
    private async Task<PullOutcome?> OnceAsync(SyncCaller caller, SyncEntitySet entities, PullWish wish, CancellationToken cancellationToken)
    {
        var request = new Request(caller, entities, wish, string.IsNullOrEmpty(wish.Cursor) ? null : SyncCursor.Parse(wish.Cursor));
        await using var connection = await databases.KeyedDataSource.OpenConnectionAsync(cancellationToken);
        await using (var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken))
        {
            var opened = await OpenAsync(connection, snapshot, Look, request, cancellationToken);
            if (!opened.IsDirty)
            {
                return await AnswerAsync(connection, snapshot, opened, request, cancellationToken);
            }
        }

        while (true)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var opened = await OpenAsync(connection, transaction, SyncSql.Stamp, request, cancellationToken);
            var outcome = await AnswerAsync(connection, transaction, opened, request, cancellationToken);
            if (outcome is not PullOutcome.Done { Changes.Count: 0, HasMore: true })
            {
                return outcome; // a page is empty only at the end
            }
        }
    }

    private async Task<PullOutcome?> AnswerAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Opened opened, Request request, CancellationToken cancellationToken)
    {
        var (gate, head, floor, nonce, isDirty, _, _) = opened;
        if (gate.Refuse(request.Caller.UserId, request.Wish.SchemaVersion) is { } refusal)
        {
            return new PullOutcome.Refused(refusal);
        }

        var (from, wish) = (request.Cursor, request.Wish);
        if (!string.IsNullOrEmpty(wish.Cursor))
        {
            if (from is null || IsToReadAgain(gate, request) || from.Epoch != gate.Epoch || from.UserId != request.Caller.UserId || from.SchemaVersion != wish.SchemaVersion
                || (from.Top ?? from.Version) > head || !opened.Knows(from.Stamp))
            {
                return new PullOutcome.Refused(new SyncRefusal.CursorReset());
            }

            if (from.Entity != wish.Entity)
            {
                return Invalid($"This cursor was given with {(from.Entity is { } its ? $"entity={its}" : "no entity")}. Each entity has cursors of its own.");
            }

            if ((from.Top ?? from.Version) < floor && from.Floor != floor)
            {
                return new PullOutcome.Refused(new SyncRefusal.CursorExpired());
            }
        }

        var top = from is null ? wish.NewestFirst ? head : (long?)null : from.Top;
        var stretch = request.Stretch ?? new SyncStretch(head + 1, Down: true, FromNothing: true, wish.Entity);
        var page = await SyncPage.ReadAsync(connection, transaction, request.Entities, request.Caller.UserId, stretch, wish.Limit, opened.Changes, cancellationToken);
        if (page is null)
        {
            return null;
        }

        if (page is { Changes.Count: 0, HasMore: false } && top is { } began && began < head)
        {
            top = null; // through with what there was; and a page is empty only at the end
            page = await SyncPage.ReadAsync(connection, transaction, request.Entities, request.Caller.UserId, new SyncStretch(began, Down: false, FromNothing: false, wish.Entity), wish.Limit, null, cancellationToken);
            if (page is null)
            {
                return null;
            }
        }

        await transaction.CommitAsync(cancellationToken);
        var mark = nonce is { } known ? new SyncStampMark(head, known) : null;
        lineage.Note(request.Caller.UserId, gate.Epoch, mark);
        var (isDown, to) = (page.HasMore && top is not null, page.HasMore ? page.Last : top ?? head);
        var next = new SyncCursor(gate.Epoch, request.Caller.UserId, to, wish.SchemaVersion, from?.Floor ?? floor, mark) { Entity = wish.Entity, Top = isDown ? top : null };
        var (acknowledged, fromNothing) = wish.Entity is { } entity ? progress.Note(request.Caller.DeviceId, gate.Epoch, entity, request.Entities.All.Count, from?.Reached) : (from?.Reached, from is null);
        return new PullOutcome.Done(page.Changes, next.ToString(), page.HasMore || isDirty || top < head, head, acknowledged, fromNothing, wish.Entity is null ? next.Reached : null);
    }

    /// <summary>Somebody asked for it, and the device has not begun yet.</summary>
    private bool IsToReadAgain(SyncGateRow gate, Request request) =>
        gate.ResyncRequested && !(request.Wish.Entity is { } entity && progress.IsFresh(request.Caller.DeviceId, gate.Epoch, entity));

    private static async Task<Opened> OpenAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string opening, Request request, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add(SyncSql.Patience);
        batch.Add(SyncSql.Gate, SyncSql.P(request.Caller.DeviceId));
        batch.Add(opening, SyncSql.P(request.Caller.UserId));
        batch.Add(KnownStamp, SyncSql.P(request.Caller.UserId), SyncSql.P(request.Cursor?.Stamp?.Head ?? -1));
        if (request.Stretch is { } stretch)
        {
            SyncPage.Ask(batch, request.Caller.UserId, stretch, request.Wish.Limit);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var gate = await SyncGateRow.ReadAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var opened = new Opened(gate, reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetGuid(2), reader.GetBoolean(3), null, null);
        await reader.NextResultAsync(cancellationToken);
        opened = await reader.ReadAsync(cancellationToken) ? opened with { Former = reader.GetGuid(0) } : opened;
        return await reader.NextResultAsync(cancellationToken) ? opened with { Changes = await SyncPage.ChangesAsync(reader, cancellationToken) } : opened;
    }

    private sealed record Request(SyncCaller Caller, SyncEntitySet Entities, PullWish Wish, SyncCursor? Cursor)
    {
        /// <summary>What is to be read; null: it begins at the head, which is not known yet.</summary>
        public SyncStretch? Stretch => Cursor is { } from ? new SyncStretch(from.Version, Down: from.Top is not null, FromNothing: from.Top is not null, Wish.Entity)
            : Wish.NewestFirst ? null : new SyncStretch(0, Down: false, FromNothing: true, Wish.Entity);
    }

    /// <param name="IsDirty">Something was written that has no version yet.</param>
    /// <param name="Changes">Of the stretch that was asked for.</param>
    /// <param name="Former">The nonce of the version that the cursor names, where the data has gone on since.</param>
    private sealed record Opened(SyncGateRow Gate, long Head, long Floor, Guid? Nonce, bool IsDirty, Guid? Former, List<SyncChangeLine>? Changes)
    {
        /// <summary>False: another history than this one had come that far when the cursor was issued.</summary>
        public bool Knows(SyncStampMark? stamp) => stamp is null || stamp.Nonce == (stamp.Head == Head ? Nonce : Former);
    }
}
