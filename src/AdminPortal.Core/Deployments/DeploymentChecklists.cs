using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Data;
using AdminPortal.Data.Deployments;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Deployments;

/// <summary>The checklist of a release on a target. Admins and support see it; admins tick by hand what no record proves.</summary>
public sealed class DeploymentChecklists
{
    private const int ReasonLength = 500;
    private readonly DeploymentReader reader;
    private readonly IDbContextFactory<PortalDbContext> contexts;

    internal DeploymentChecklists(DeploymentReader reader, IDbContextFactory<PortalDbContext> contexts) => (this.reader, this.contexts) = (reader, contexts);

    /// <summary>Null when there is no such target or release that the actor may see.</summary>
    /// <param name="release">The id of its newest migration; null: the one that is being deployed, is pending, or was deployed last.</param>
    public async Task<DeploymentChecklist?> ReadAsync(Actor actor, string target, string? release, CancellationToken cancellationToken) =>
        actor.SeesEveryone && await reader.ReadAsync(target, release, cancellationToken) is { } facts ? Of(facts) : null;

    /// <summary>Takes a line as done that no record proves, on record with the reason.</summary>
    public async Task<ChecklistOutcome> TickAsync(Actor actor, string target, string release, string line, string? reason, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return new ChecklistOutcome.NotAllowed();
        }

        if (Names.Clean(reason) is not { Length: <= ReasonLength } why)
        {
            return new ChecklistOutcome.Refused($"Say why it is taken as done, in at most {ReasonLength} characters.");
        }

        if (await ReadAsync(actor, target, release, cancellationToken) is not { } checklist || checklist.Lines.FirstOrDefault(l => l.Id == line) is not { } found)
        {
            return new ChecklistOutcome.NotFound();
        }

        if (found.IsDone)
        {
            return new ChecklistOutcome.Refused(found.State == ChecklistLineState.Proven ? "There is evidence for this line meanwhile." : $"{found.Note!.ActorName ?? "Somebody"} has ticked it already.");
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.ChecklistNotes.Add(new ChecklistNote { Id = Ids.New(), Target = checklist.Target, Release = release, Line = line, Reason = why, ActorId = actor.Id, ActorName = actor.Name });
        AuditLog.Add(db, actor, "checklist.ticked", checklist.Target, "done", $"{line} of {checklist.Name}: {why}");
        await db.SaveChangesAsync(cancellationToken);
        return new ChecklistOutcome.Done();
    }

    /// <summary>Takes the tick back; the record keeps that it was there.</summary>
    public async Task<ChecklistOutcome> TakeBackAsync(Actor actor, string target, string release, string line, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return new ChecklistOutcome.NotAllowed();
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.ChecklistNotes.Where(n => n.Target == target && n.Release == release && n.Line == line).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            return new ChecklistOutcome.NotFound();
        }

        AuditLog.Add(db, actor, "checklist.tick-taken-back", target, "done", $"{line} of {Migrations.MigrationScript.NameOf(release)}");
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ChecklistOutcome.Done();
    }

    internal static DeploymentChecklist Of(DeploymentFacts facts) => new(
        facts.Target, facts.Release, facts.Releases, facts.Stage, [.. facts.Migrations.Select(m => m.MigrationId)], facts.Run,
        facts.RolledBackAt, ChecklistRules.Of(facts));
}
