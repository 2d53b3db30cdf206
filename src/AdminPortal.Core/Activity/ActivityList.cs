using System.Runtime.CompilerServices;
using AdminPortal.Core.Lists;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Activity;

/// <summary>
/// Reads the one record that stands in two databases: the history of devices and the portal's audit, merged by time. Admins
/// and support see everyone's; others what concerns their own devices and account. While one database is away, the other's
/// lines are read, and the page is told.
/// </summary>
public sealed class ActivityList(DeviceDatabases databases, IDbContextFactory<PortalDbContext> portals, TimeProvider time, ILogger<ActivityList> logger)
{
    /// <summary>How far back a search without a date looks: a rare word would otherwise read the whole record.</summary>
    public const int SearchedDays = 90;

    private const int ExportChunk = 1000;

    public Task<ActivityLines> ListAsync(Actor actor, ActivityQuery query, CancellationToken cancellationToken) =>
        ReadAsync(actor, query with { Limit = Math.Clamp(query.Limit, 1, ListReading.MaximumLimit) }, whole: false, cancellationToken);

    /// <summary>All lines of the filter, the newest first, read in chunks. Fails rather than leave one database's lines out.</summary>
    public async IAsyncEnumerable<ActivityRow> StreamAsync(Actor actor, ActivityFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new ActivityQuery(filter, Limit: ExportChunk);
        do
        {
            var page = await ReadAsync(actor, query, whole: true, cancellationToken);
            foreach (var row in page.Rows)
            {
                yield return row;
            }

            query = query with { Cursor = page.NextCursor };
        }
        while (query.Cursor is not null);
    }

    private async Task<ActivityLines> ReadAsync(Actor actor, ActivityQuery query, bool whole, CancellationToken cancellationToken)
    {
        var (oldestFirst, limit) = (query.OldestFirst, query.Limit);
        var place = ActivityPlace.Parse(query.Cursor, oldestFirst);
        var backwards = place?.Backwards == true;
        var upwards = oldestFirst != backwards;
        var question = await AskAsync(Clean(query.Filter), place, upwards, limit + 1, whole, cancellationToken);
        question = question with { OfRunsOnce = !whole && actor.SeesEveryone && question.Filter.HasLinesOfRuns };
        var fromDevices = ReadDevicesAsync(actor, question, cancellationToken);
        var fromPortal = ReadPortalAsync(actor, question, cancellationToken);
        await Task.WhenAll((Task)fromDevices, fromPortal).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var devices = await OrNothingAsync(fromDevices, whole);
        var portal = await OrNothingAsync(fromPortal, whole);
        if (devices is null && portal is null)
        {
            await fromDevices; // both are away: say so as any page does
        }

        var rows = (devices ?? []).Concat(portal ?? []).ToList();
        rows.Sort((a, b) => upwards ? ActivityPlace.Compare(a, b) : ActivityPlace.Compare(b, a));
        var more = rows.Count > limit;
        rows = rows.GetRange(0, Math.Min(limit, rows.Count));
        if (backwards)
        {
            rows.Reverse();
        }

        var hasNext = backwards ? rows.Count > 0 : more;
        var hasPrevious = backwards ? more : place is not null && rows.Count > 0;
        return new ActivityLines(
            actor.SeesEveryone ? rows : rows.ConvertAll(row => OwnView(actor, row)),
            hasNext ? ActivityPlace.Of(rows[^1], oldestFirst, backwards: false) : null, hasPrevious ? ActivityPlace.Of(rows[0], oldestFirst, backwards: true) : null,
            DevicesAway: devices is null, PortalAway: portal is null);
    }

    /// <summary>Where others act from is not for everyone to know.</summary>
    private static ActivityRow OwnView(Actor actor, ActivityRow row) =>
        row.ActorId == actor.Id || row.ActorId.StartsWith("device", StringComparison.Ordinal) ? row : row with { Address = null };

    private async Task<ActivityQuestion> AskAsync(ActivityFilter filter, ActivityPlace? place, bool upwards, int limit, bool whole, CancellationToken cancellationToken)
    {
        string[]? actors = null, users = null;
        string[] accounts = [];
        if (filter.Actor is { } who)
        {
            actors = await OrNothingAsync(InPortalAsync(db => PortalActivity.FindActorsAsync(db, who, cancellationToken), cancellationToken), whole) ?? [who];
        }

        if (filter.User is { } whose)
        {
            await using var db = databases.CreateDbContext();
            users = await OrNothingAsync(DeviceActivity.FindUsersAsync(db, whose, cancellationToken), whole) is { Length: > 0 } found ? found : [whose];
            accounts = await OrNothingAsync(InPortalAsync(portal => PortalActivity.FindAccountsAsync(portal, users, cancellationToken), cancellationToken), whole) ?? [];
        }

        var from = filter.From ?? (filter.Search is null ? null : time.GetUtcNow().AddDays(-SearchedDays));
        return new ActivityQuestion(filter, actors, users, accounts, from?.ToUniversalTime(), place, upwards, limit);
    }

    private async Task<List<ActivityRow>> ReadDevicesAsync(Actor actor, ActivityQuestion question, CancellationToken cancellationToken)
    {
        if (!question.Asks(ActivitySource.Devices))
        {
            return [];
        }

        await using var db = databases.CreateDbContext();
        var rows = await DeviceActivity.ReadAsync(db, actor, question, cancellationToken);
        return rows.Count == 0 ? rows : await DeviceActivity.NameAsync(db, rows, cancellationToken);
    }

    private async Task<List<ActivityRow>> ReadPortalAsync(Actor actor, ActivityQuestion question, CancellationToken cancellationToken) =>
        !question.Asks(ActivitySource.Portal) ? [] : await InPortalAsync(
            async db => await PortalActivity.ReadAsync(db, actor, question, cancellationToken) is { Count: > 0 } rows
                ? await PortalActivity.NameAsync(db, rows, cancellationToken)
                : [],
            cancellationToken);

    private async Task<T> InPortalAsync<T>(Func<PortalDbContext, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var db = await portals.CreateDbContextAsync(cancellationToken);
        return await read(db);
    }

    /// <summary>Null while the database is away, unless the whole record is wanted.</summary>
    private async Task<T?> OrNothingAsync<T>(Task<T> part, bool whole)
        where T : class
    {
        try
        {
            return await part;
        }
        catch (Exception exception) when (!whole && TargetAvailability.CannotServe(exception))
        {
            logger.LogWarning("A part of the record cannot be read: {Error}", exception.Message);
            return null;
        }
    }

    private static ActivityFilter Clean(ActivityFilter filter) => filter with
    {
        Kind = Text(filter.Kind),
        Actor = Text(filter.Actor),
        User = Text(filter.User),
        Device = Text(filter.Device),
        Search = Text(filter.Search),
        To = filter.To?.ToUniversalTime(),
    };

    /// <summary>As the database can take it; null: nothing was typed.</summary>
    private static string? Text(string? text) => text?.Replace("\0", "", StringComparison.Ordinal).Trim() is { Length: > 0 } clean
        ? clean[..Math.Min(clean.Length, SearchText.MaximumLength)]
        : null;
}
