using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Activity;

/// <summary>
/// Gives the record to the sinks that are configured, in its order, each line at least once: how far each has come is kept in the portal's
/// database, and one instance at a time works for a sink. A line is shipped when every transaction that could still write one before it is over.
/// </summary>
public sealed class AuditShipping(
    IEnumerable<IAuditSink> sinks, IDbContextFactory<PortalDbContext> portals, DeviceDatabases devices, TimeProvider time, ILogger<AuditShipping> logger) : BackgroundService
{
    private const int Batch = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private static readonly Source[] Sources =
    [
        new("portal", "portal.audit_events", """action, outcome, "actorId", "actorName", "actorRole", subject, NULL::text, reason, NULL::text, address"""),
        new("devices", "portal.device_events", """kind, 'ok', "actorId", "actorName", "actorRole", "pairingId", "userId", reason, detail, address"""),
    ];

    /// <summary>Up to where a source was written when it was last looked at, and the first transaction that was not begun then.</summary>
    private readonly Dictionary<(string Sink, string Source), (long Id, long Next)> marks = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (sinks.All(sink => sink.Name is null))
        {
            return;
        }

        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            await ShipAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One round over all sinks; what cannot be shipped now is tried again in the next one.</summary>
    internal async Task ShipAsync(CancellationToken cancellationToken)
    {
        foreach (var sink in sinks.Where(sink => sink.Name is not null))
        {
            foreach (var source in Sources)
            {
                try
                {
                    while (await ShipAsync(sink, source, cancellationToken))
                    {
                        // As long as there is more.
                    }
                }
                catch (Exception exception) when (TargetAvailability.CannotServe(exception) || exception is UnauthorizedAccessException)
                {
                    logger.LogWarning("The record of {Source} could not be given to {Sink}; it is tried again: {Error}", source.Name, sink.Name, exception.Message);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    logger.LogError(exception, "The record of {Source} could not be given to {Sink}; it is tried again.", source.Name, sink.Name);
                }
            }
        }
    }

    /// <summary>True: there is more.</summary>
    private async Task<bool> ShipAsync(IAuditSink sink, Source source, CancellationToken cancellationToken)
    {
        await using var portal = await portals.CreateDbContextAsync(cancellationToken);
        await using DbContext from = source.Name == "portal" ? await portals.CreateDbContextAsync(cancellationToken) : devices.CreateDbContext();
        var (newest, next, oldest) = await PositionAsync(from, source, cancellationToken);
        // A sink that is new gets what happens from now on.
        await portal.Database.ExecuteSqlAsync(
            $"""INSERT INTO portal.audit_shipping (sink, source, "lastId") VALUES ({sink.Name}, {source.Name}, {newest}) ON CONFLICT DO NOTHING""", cancellationToken);
        await using var turn = await portal.Database.BeginTransactionAsync(cancellationToken);
        var found = await portal.Database.SqlQuery<long>(
            $"""SELECT "lastId" AS "Value" FROM portal.audit_shipping WHERE sink = {sink.Name} AND source = {source.Name} FOR UPDATE SKIP LOCKED""").ToListAsync(cancellationToken);
        if (found is not [var last])
        {
            return false; // another instance is at it
        }

        var key = (sink.Name!, source.Name);
        if (newest < last)
        {
            marks.Remove(key); // the database was restored to an earlier day
            await MoveAsync(portal, sink, source, newest, cancellationToken);
            await turn.CommitAsync(cancellationToken);
            return false;
        }

        var mark = marks.GetValueOrDefault(key);
        if (mark.Id <= last)
        {
            marks[key] = mark = (newest, next);
        }

        if (mark.Id <= last || oldest < mark.Next)
        {
            return false;
        }

        var lines = await LinesAsync(from, source, last, mark.Id, cancellationToken);
        if (lines.Count > 0)
        {
            await sink.WriteAsync(lines, cancellationToken);
        }

        var isFull = lines.Count == Batch;
        await MoveAsync(portal, sink, source, isFull ? lines[^1].Id : mark.Id, cancellationToken);
        await turn.CommitAsync(cancellationToken);
        return isFull || newest > mark.Id;
    }

    /// <summary>The newest row, the next transaction, and the oldest that goes on.</summary>
    private static async Task<(long Newest, long Next, long Oldest)> PositionAsync(DbContext from, Source source, CancellationToken cancellationToken)
    {
        var position = await from.Database.SqlQueryRaw<Position>(source.PositionSql).SingleAsync(cancellationToken);
        return (position.Newest, position.Next, position.Oldest);
    }

    private static Task<List<AuditLine>> LinesAsync(DbContext from, Source source, long after, long upTo, CancellationToken cancellationToken) => from.Database.SqlQueryRaw<AuditLine>(
        source.LinesSql, new Npgsql.NpgsqlParameter("after", after), new Npgsql.NpgsqlParameter("upTo", upTo)).OrderBy(line => line.Id).ToListAsync(cancellationToken);

    private static Task<int> MoveAsync(PortalDbContext portal, IAuditSink sink, Source source, long to, CancellationToken cancellationToken) =>
        portal.Database.ExecuteSqlAsync($"""UPDATE portal.audit_shipping SET "lastId" = {to}, at = now() WHERE sink = {sink.Name} AND source = {source.Name}""", cancellationToken);

    private sealed record Source(string Name, string Table, string Columns)
    {
        public string PositionSql { get; } =
            $"""SELECT COALESCE((SELECT max(id) FROM {Table}), 0) AS "Newest", pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS "Next", pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS "Oldest" """;

        public string LinesSql { get; } =
            $"""
             SELECT '{Name}' AS "Record", t.* FROM (SELECT id, at, {Columns} FROM {Table} WHERE id > @after AND id <= @upTo ORDER BY id LIMIT {Batch})
                 AS t("Id", "At", "Action", "Outcome", "ActorId", "ActorName", "ActorRole", "Subject", "UserId", "Reason", "Detail", "Address")
             """;
    }

    private sealed record Position(long Newest, long Next, long Oldest);
}
