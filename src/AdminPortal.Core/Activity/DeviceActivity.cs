using System.Runtime.CompilerServices;
using AdminPortal.Core.Lists;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Activity;

/// <summary>The part of the record that stands in the primary target: the history of devices.</summary>
internal static class DeviceActivity
{
    /// <summary>What was not done.</summary>
    private static readonly string[] Refusals =
        [DeviceEventKind.Refused, DeviceEventKind.CodeBurnt, DeviceEventKind.CodeLeaked, DeviceEventKind.PermissionRefused];

    public static Task<List<ActivityRow>> ReadAsync(DeviceDbContext db, Actor actor, ActivityQuestion question, CancellationToken cancellationToken)
    {
        var events = Filtered(VisibleTo(db, actor), question);
        if (question.Place is { } place)
        {
            var id = place.IdIn(ActivitySource.Devices);
            events = question.Upwards
                ? events.Where(e => EF.Functions.GreaterThan((ITuple)ValueTuple.Create(e.At, e.Id), (ITuple)ValueTuple.Create(place.At, id)))
                : events.Where(e => EF.Functions.LessThan((ITuple)ValueTuple.Create(e.At, e.Id), (ITuple)ValueTuple.Create(place.At, id)));
        }

        return (question.Upwards ? events.OrderBy(e => e.At).ThenBy(e => e.Id) : events.OrderByDescending(e => e.At).ThenByDescending(e => e.Id))
            .Take(question.Limit)
            .Select(e => new ActivityRow(
                ActivitySource.Devices, e.Id, e.At, e.ActorId, e.ActorName, e.ActorRole, e.Kind, e.UserId, e.PairingId, e.DeviceId, null, e.Reason, e.Detail,
                e.Address, Refusals.Contains(e.Kind) ? ActivityOutcome.Refused : ActivityOutcome.Done, e.RunId))
            .ToListAsync(cancellationToken);
    }

    /// <summary>The ids of people by id or e-mail address.</summary>
    public static Task<string[]> FindUsersAsync(DeviceDbContext db, string text, CancellationToken cancellationToken) =>
        db.Users.Where(u => u.Id == text).Select(u => u.Id).Union(db.Users.Where(u => u.Email == text).Select(u => u.Id)).ToArrayAsync(cancellationToken);

    /// <summary>Names of people and devices as they are now.</summary>
    public static async Task<List<ActivityRow>> NameAsync(DeviceDbContext db, List<ActivityRow> rows, CancellationToken cancellationToken)
    {
        var (users, pairings) = (rows.Select(r => r.UserId).Distinct().ToArray(), rows.Select(r => r.PairingId).Where(id => id is not null).Distinct().ToArray());
        var people = await db.Users.Where(u => users.Contains(u.Id)).Select(u => new { u.Id, Name = u.Name ?? u.Email }).ToDictionaryAsync(u => u.Id, u => u.Name, cancellationToken);
        var devices = await db.DevicePairings.Where(p => pairings.Contains(p.Id)).Select(p => new { p.Id, p.UserId, p.DeviceName, p.DeviceType })
            .ToDictionaryAsync(p => p.Id, cancellationToken);
        return rows.ConvertAll(row => row with
        {
            Person = people.GetValueOrDefault(row.UserId!),
            DeviceTitle = row.PairingId is { } id && devices.TryGetValue(id, out var device) && device.UserId == row.UserId
                ? device.DeviceName ?? Devices.DeviceTypeLabels.Of(device.DeviceType)
                : null,
        });
    }

    private static IQueryable<DeviceEvent> VisibleTo(DeviceDbContext db, Actor actor) => actor switch
    {
        { SeesEveryone: true } => db.DeviceEvents.AsNoTracking(),
        { IsPerson: true, UserId: { } own } => db.DeviceEvents.AsNoTracking().Where(e => e.UserId == own),
        _ => db.DeviceEvents.AsNoTracking().Where(e => false),
    };

    private static IQueryable<DeviceEvent> Filtered(IQueryable<DeviceEvent> events, ActivityQuestion question)
    {
        var filter = question.Filter;
        if (filter.Kind is { } kind)
        {
            events = events.Where(e => e.Kind == kind);
        }

        if (question.Actors is { } actors)
        {
            events = actors.Length == 1 ? events.Where(e => e.ActorId == actors[0]) : events.Where(e => actors.Contains(e.ActorId));
        }

        if (question.Users is { } users)
        {
            events = users.Length == 1 ? events.Where(e => e.UserId == users[0]) : events.Where(e => users.Contains(e.UserId));
        }

        if (filter.Run is { } run)
        {
            events = events.Where(e => e.RunId == run);
        }
        else if (question.OfRunsOnce)
        {
            events = events.Where(e => e.RunId == null);
        }

        if (filter.Device is { } device)
        {
            events = events.Where(e => e.PairingId == device || e.DeviceId == device);
        }

        if (question.From is { } from)
        {
            events = events.Where(e => e.At >= from);
        }

        if (filter.To is { } to)
        {
            events = events.Where(e => e.At < to);
        }

        if (filter.Outcome is { } outcome)
        {
            events = outcome == ActivityOutcome.Refused ? events.Where(e => Refusals.Contains(e.Kind)) : events.Where(e => !Refusals.Contains(e.Kind));
        }

        return question.Pattern is not { } pattern ? events : events.Where(e =>
            EF.Functions.ILike(e.Reason!, pattern, SearchText.Escape) || EF.Functions.ILike(e.Detail!, pattern, SearchText.Escape)
            || EF.Functions.ILike(e.ActorName!, pattern, SearchText.Escape) || EF.Functions.ILike(e.DeviceId!, pattern, SearchText.Escape)
            || EF.Functions.ILike(e.Address!, pattern, SearchText.Escape));
    }
}
