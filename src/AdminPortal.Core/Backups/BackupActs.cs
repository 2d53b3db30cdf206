using System.Text.Json;
using System.Text.RegularExpressions;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Backups;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Backups;

/// <summary>What admins do with backups. Long work becomes a run; at most one works on a target at a time.</summary>
public sealed partial class BackupActs
{
    private readonly TargetAccess access;
    private readonly OperationRuns runs;
    private readonly BackupRecords records;
    private readonly BackupRemoval removal;
    private readonly BackupKeys keys;
    private readonly IDbContextFactory<PortalDbContext> contexts;

    internal BackupActs(TargetAccess access, OperationRuns runs, BackupRecords records, BackupRemoval removal, BackupKeys keys, IDbContextFactory<PortalDbContext> contexts) =>
        (this.access, this.runs, this.records, this.removal, this.keys, this.contexts) = (access, runs, records, removal, keys, contexts);

    public async Task<BackupOutcome> TakeAsync(Actor actor, string target, string? reason, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        return access.Find(target) is { } name
            ? await StartAsync(actor, BackupRunKinds.Take, name, $"Back up {name}", "{}", reason, cancellationToken)
            : new BackupOutcome.NotFound();
    }

    /// <summary>Takes a backup and restores it into a scratch database at once, in one run.</summary>
    public async Task<BackupOutcome> TakeAndProveAsync(Actor actor, string target, string? reason, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        return access.Find(target) is { } name
            ? await StartAsync(actor, BackupRunKinds.Take, name, $"Back up {name}, and prove it", JsonSerializer.Serialize(new TakeParameters(Prove: true)), reason, cancellationToken)
            : new BackupOutcome.NotFound();
    }

    /// <summary>The job's: nobody asked for it, and nobody has to be an admin.</summary>
    internal Task<BackupOutcome> TakeNightlyAsync(string target, bool proves, CancellationToken cancellationToken) => BeginAsync(
        Actor.Portal, BackupRunKinds.Take, target, proves ? $"Back up {target}, and prove it" : $"Back up {target}", proves ? JsonSerializer.Serialize(new TakeParameters(Prove: true)) : "{}", "every night", cancellationToken);

    /// <summary>Restores it into a scratch database, compares the rows per table, and drops that.</summary>
    public async Task<BackupOutcome> ProveAsync(Actor actor, string backupId, string? reason, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        return await records.FindAsync(backupId, cancellationToken) switch
        {
            null => new BackupOutcome.NotFound(),
            { IsUsable: false } => NotUsable,
            var unreadable when actor.IsAdmin && keys.Missing(unreadable) is { } missing => new BackupOutcome.Refused(missing),
            var backup => await StartAsync(
                actor, BackupRunKinds.Prove, backup.Target, $"Prove backup {backup.FileName}", JsonSerializer.Serialize(new BackupParameters(backupId)), reason, cancellationToken),
        };
    }

    /// <summary>Restores it beside its target or in its place.</summary>
    /// <param name="confirmed">For the target's place: the target's name, as a person typed it.</param>
    public async Task<BackupOutcome> RestoreAsync(Actor actor, string backupId, RestoreOrder order, string? confirmed, string? reason, CancellationToken cancellationToken)
    {
        await actor.DemandFreshAsync(cancellationToken);
        var backup = await records.FindAsync(backupId, cancellationToken);
        if (backup is null || !access.Exists(backup.Target))
        {
            return new BackupOutcome.NotFound();
        }

        if (Problem(backup, order, confirmed, reason) is { } problem)
        {
            return actor.IsAdmin ? new BackupOutcome.Refused(problem) : new BackupOutcome.NotAllowed();
        }

        var where = order.Into is { } name ? $"into the new database {name}" : $"over {backup.Target}";
        return await StartAsync(
            actor, BackupRunKinds.Restore, backup.Target, $"Restore {backup.FileName} {where}", JsonSerializer.Serialize(new BackupParameters(backupId, order)), reason, cancellationToken);
    }

    /// <summary>Has retention leave it alone, or no longer.</summary>
    public async Task<BackupOutcome> KeepAsync(Actor actor, string backupId, bool keep, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return new BackupOutcome.NotAllowed();
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var backup = await db.Backups.FirstOrDefaultAsync(b => b.Id == backupId && b.State == BackupState.Complete, cancellationToken);
        if (backup is null)
        {
            return new BackupOutcome.NotFound();
        }

        backup.IsKept = keep;
        AuditLog.Add(db, actor, keep ? "backup.kept" : "backup.released", backup.FileName);
        await db.SaveChangesAsync(cancellationToken);
        return new BackupOutcome.Done();
    }

    /// <summary>Removes its file. That it was there stays on record.</summary>
    public async Task<BackupOutcome> RemoveAsync(Actor actor, string backupId, string? reason, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return new BackupOutcome.NotAllowed();
        }

        return await records.FindAsync(backupId, cancellationToken) switch
        {
            null or { State: BackupState.Removed } => new BackupOutcome.NotFound(),
            { State: BackupState.Taking } => new BackupOutcome.Refused("It is just being taken. Stop its run instead."),
            { IsKept: true } => new BackupOutcome.Refused("It is marked to be kept. Take the mark away first."),
            var backup => await removal.RemoveAsync(backup, actor, reason, cancellationToken),
        };
    }

    private static BackupOutcome NotUsable => new BackupOutcome.Refused("This backup is not complete: its file is missing, damaged or removed.");

    private string? Problem(BackupRow backup, RestoreOrder order, string? confirmed, string? reason) => order switch
    {
        _ when !backup.IsUsable => "This backup is not complete: its file is missing, damaged or removed.",
        _ when keys.Missing(backup) is { } missing => missing,
        { Into: null } when confirmed != backup.Target => $"Type the target's name, {backup.Target}, to have it replaced. Nothing was changed.",
        { Into: null } when access.Settings(backup.Target).Protected && string.IsNullOrWhiteSpace(reason) => $"{backup.Target} is a protected target. Say why it is to be replaced.",
        { Into: null } => null,
        { Into: { } name } when !NewName().IsMatch(name) => "A new database is called by up to 63 small letters, digits and underscores, and begins with a letter.",
        { Into: { } name } when ScratchDatabases.IsScratch(name) || name.StartsWith("pg_", StringComparison.Ordinal) => "Names of this beginning are used by the portal or by PostgreSQL itself. Choose another one.",
        { Into: { } name } when access.Names.Any(target => access.Owner(target).Database == name) => $"A target's database is called {name}. Choose another name, or restore over the target.",
        _ => null,
    };

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex NewName();

    private async Task<BackupOutcome> StartAsync(
        Actor actor, string kind, string target, string title, string parameters, string? reason, CancellationToken cancellationToken)
    {
        var why = string.IsNullOrWhiteSpace(reason) ? null : reason.Trim();
        return actor.IsAdmin ? await BeginAsync(actor, kind, target, title, parameters, why, cancellationToken) : new BackupOutcome.NotAllowed();
    }

    private async Task<BackupOutcome> BeginAsync(
        Actor actor, string kind, string target, string title, string parameters, string? why, CancellationToken cancellationToken) =>
        await runs.StartAsync(actor, new NewRun(Ids.New(), kind, target, title, parameters, why, ExclusiveKey: TargetAccess.ExclusiveKey(target)), cancellationToken) switch
        {
            StartRunOutcome.Started started => new BackupOutcome.Started(started.RunId),
            StartRunOutcome.AlreadyRunning other => new BackupOutcome.Busy(other.RunId),
            _ => throw new InvalidOperationException("Not an outcome of starting a run that takes nothing back."),
        };
}
