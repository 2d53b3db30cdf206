using System.Runtime.CompilerServices;
using AdminPortal.Core.Lists;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Activity;

/// <summary>The part of the record that stands in the portal's own database: accounts, sign-ins, settings, exports.</summary>
internal static class PortalActivity
{
    /// <summary>What was not done. Other outcomes than "ok" only say more, such as the kind of a run that was started.</summary>
    private static readonly string[] Refusals = ["failed", "refused", "stopped"];

    private const string RunStarted = "run.started";
    private const string RunStopped = "run.stop-requested";
    private const string RunFinished = "run.finished";

    public static Task<List<ActivityRow>> ReadAsync(PortalDbContext db, Actor actor, ActivityQuestion question, CancellationToken cancellationToken)
    {
        var events = Filtered(VisibleTo(db, actor), question);
        if (question.Place is { } place)
        {
            var id = place.IdIn(ActivitySource.Portal);
            events = question.Upwards
                ? events.Where(e => EF.Functions.GreaterThan((ITuple)ValueTuple.Create(e.At, e.Id), (ITuple)ValueTuple.Create(place.At, id)))
                : events.Where(e => EF.Functions.LessThan((ITuple)ValueTuple.Create(e.At, e.Id), (ITuple)ValueTuple.Create(place.At, id)));
        }

        return (question.Upwards ? events.OrderBy(e => e.At).ThenBy(e => e.Id) : events.OrderByDescending(e => e.At).ThenByDescending(e => e.Id))
            .Take(question.Limit)
            .Select(e => new ActivityRow(
                ActivitySource.Portal, e.Id, e.At, e.ActorId, e.ActorName, e.ActorRole, e.Action, null, null, null, e.Subject, e.Reason,
                e.Outcome == "ok" ? null : e.Outcome, e.Address, Refusals.Contains(e.Outcome) ? ActivityOutcome.Refused : ActivityOutcome.Done, null))
            .ToListAsync(cancellationToken);
    }

    /// <summary>The ids by which an account stands in the record: its own when the text is its e-mail address, else the text itself.</summary>
    public static async Task<string[]> FindActorsAsync(PortalDbContext db, string text, CancellationToken cancellationToken)
    {
        var email = text.ToUpperInvariant();
        return await db.Accounts.Where(a => a.NormalizedEmail == email).Select(a => a.Id).ToArrayAsync(cancellationToken) is { Length: > 0 } found ? found : [text];
    }

    /// <summary>The accounts of people of the service.</summary>
    public static Task<string[]> FindAccountsAsync(PortalDbContext db, string[] users, CancellationToken cancellationToken) =>
        db.Accounts.Where(a => users.Contains(a.AppUserId)).Select(a => a.Id).ToArrayAsync(cancellationToken);

    /// <summary>E-mail addresses of the accounts, and the runs, that lines are about.</summary>
    public static async Task<List<ActivityRow>> NameAsync(PortalDbContext db, List<ActivityRow> rows, CancellationToken cancellationToken)
    {
        var subjects = rows.Select(r => r.Subject).Where(s => s is not null).Distinct().ToArray();
        var emails = await db.Accounts.Where(a => subjects.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Email, cancellationToken);
        var runs = await db.OperationRuns.Where(r => subjects.Contains(r.Id))
            .Select(r => new ActivityRun(r.Id, r.Title, r.State, r.Done)).ToDictionaryAsync(r => r.Id, cancellationToken);
        return rows.ConvertAll(row => row with
        {
            SubjectName = row.Subject is { } id ? emails.GetValueOrDefault(id) : null,
            Run = row is { Subject: { } run, Kind: RunStarted or RunStopped or RunFinished } ? runs.GetValueOrDefault(run) : null,
        });
    }

    /// <summary>People see what they did and what was done to their account.</summary>
    private static IQueryable<AuditEvent> VisibleTo(PortalDbContext db, Actor actor) => actor switch
    {
        { SeesEveryone: true } => db.AuditEvents.AsNoTracking(),
        { IsPerson: true, Id: var own } => db.AuditEvents.AsNoTracking().Where(e => e.ActorId == own || e.Subject == own),
        _ => db.AuditEvents.AsNoTracking().Where(e => false),
    };

    private static IQueryable<AuditEvent> Filtered(IQueryable<AuditEvent> events, ActivityQuestion question)
    {
        var filter = question.Filter;
        if (filter.Kind is { } kind)
        {
            events = events.Where(e => e.Action == kind);
        }

        if (question.Actors is { } actors)
        {
            events = actors.Length == 1 ? events.Where(e => e.ActorId == actors[0]) : events.Where(e => actors.Contains(e.ActorId));
        }

        if (question.Users is not null)
        {
            events = events.Where(e => question.Accounts.Contains(e.Subject));
        }

        if (question.OfRunsOnce)
        {
            events = events.Where(e => e.Action != RunFinished && e.Action != RunStopped);
        }

        if (filter.Device is { } device)
        {
            events = events.Where(e => e.Subject == device);
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
            events = outcome == ActivityOutcome.Refused ? events.Where(e => Refusals.Contains(e.Outcome)) : events.Where(e => !Refusals.Contains(e.Outcome));
        }

        return question.Pattern is not { } pattern ? events : events.Where(e =>
            EF.Functions.ILike(e.Reason!, pattern, SearchText.Escape) || EF.Functions.ILike(e.Subject!, pattern, SearchText.Escape)
            || EF.Functions.ILike(e.ActorName!, pattern, SearchText.Escape) || EF.Functions.ILike(e.Action, pattern, SearchText.Escape)
            || EF.Functions.ILike(e.Address!, pattern, SearchText.Escape));
    }
}
