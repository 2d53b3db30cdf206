using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Policies;

/// <summary>Admins change policies and exempt people and devices from them. Every change is in the audit record.</summary>
public sealed class PolicyActs(IDbContextFactory<DeviceDbContext> databases, AuditLog audit, TimeProvider time)
{
    public const int ReasonLength = 500;

    /// <summary>Saves the settings and whether they hold. A policy holds from the next request on.</summary>
    /// <param name="version">Of the policy as the admin saw it: when another was quicker, nothing is saved.</param>
    public async Task<PolicyOutcome> SaveAsync(Actor actor, PolicySettings settings, bool enabled, int version, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin)
        {
            return new PolicyOutcome.NotAllowed();
        }

        if (settings.Check() is { } problem)
        {
            return new PolicyOutcome.Invalid(problem);
        }

        var (name, json, by) = (settings.PolicyName(), settings.Write(), actor.Name ?? actor.Id);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var saved = version == 0
            ? await db.Database.ExecuteSqlAsync(
                $"""
                 INSERT INTO portal.device_policies (name, enabled, settings, version, "updatedBy") VALUES ({name}, {enabled}, {json}::jsonb, 1, {by})
                 ON CONFLICT (name) DO NOTHING
                 """,
                cancellationToken)
            : await db.Database.ExecuteSqlAsync(
                $"""
                 UPDATE portal.device_policies SET enabled = {enabled}, settings = {json}::jsonb, version = version + 1, "updatedBy" = {by}, "updatedAt" = now()
                 WHERE name = {name} AND version = {version}
                 """,
                cancellationToken);
        if (saved == 0)
        {
            return new PolicyOutcome.ChangedMeanwhile((await PolicyList.ReadAsync(db, cancellationToken)).Single(p => p.Name == name));
        }

        if (!enabled)
        {
            // Who was told long ago has to be told again before anything happens.
            await db.PolicyWarnings.Where(w => w.Policy == name).ExecuteDeleteAsync(cancellationToken);
        }

        await db.NotifyAsync(DeviceChange.Everything, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await audit.WriteAsync(actor, enabled ? "policy.switched-on" : "policy.switched-off", name, "ok", settings.Describe(), cancellationToken);
        return new PolicyOutcome.Done(version + 1);
    }

    /// <summary>Has a policy leave a person or a device alone. Exempting again gives the exemption its new reason and end.</summary>
    /// <param name="until">UTC; null: until it is taken back.</param>
    public async Task<PolicyOutcome> ExemptAsync(
        Actor actor, string policy, string subject, string subjectId, string? reason, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin)
        {
            return new PolicyOutcome.NotAllowed();
        }

        if (CheckExemption(policy, subject, reason, until) is { } problem)
        {
            return new PolicyOutcome.Invalid(problem);
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var exists = subject == PolicySubject.User
            ? await db.Users.AnyAsync(u => u.Id == subjectId, cancellationToken)
            : await db.DevicePairings.AnyAsync(p => p.Id == subjectId, cancellationToken);
        if (!exists)
        {
            return new PolicyOutcome.NotFound();
        }

        var (clean, by, end) = (Names.Clean(reason)!, actor.Name ?? actor.Id, until?.ToUniversalTime());
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO portal.policy_exemptions (id, policy, subject, "subjectId", reason, "createdBy", until)
             VALUES ({Ids.New()}, {policy}, {subject}, {subjectId}, {clean}, {by}, {end}::timestamptz)
             ON CONFLICT (policy, subject, "subjectId") DO UPDATE SET reason = excluded.reason, "createdBy" = excluded."createdBy", "createdAt" = now(), until = excluded.until
             """,
            cancellationToken);
        await audit.WriteAsync(actor, "policy.exempted", $"{policy}: {subject} {subjectId}", "ok", clean, cancellationToken);
        return new PolicyOutcome.Done(0);
    }

    /// <summary>Takes an exemption back: the policy sees the person or the device again.</summary>
    public async Task<PolicyOutcome> EndExemptionAsync(Actor actor, string exemptionId, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin)
        {
            return new PolicyOutcome.NotAllowed();
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.PolicyExemptions.AsNoTracking().FirstOrDefaultAsync(e => e.Id == exemptionId, cancellationToken);
        if (row is null || await db.PolicyExemptions.Where(e => e.Id == exemptionId).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            return new PolicyOutcome.NotFound();
        }

        await audit.WriteAsync(actor, "policy.exemption-ended", $"{row.Policy}: {row.Subject} {row.SubjectId}", "ok", null, cancellationToken);
        return new PolicyOutcome.Done(0);
    }

    private string? CheckExemption(string policy, string subject, string? reason, DateTimeOffset? until) =>
        !PolicyNames.All.Contains(policy) ? "There is no such policy."
        : subject is not (PolicySubject.User or PolicySubject.Pairing) ? "An exemption is for a person or for a device."
        : Names.Clean(reason) is null ? "Say why: an exemption needs a reason."
        : reason!.Length > ReasonLength || reason.Any(char.IsControl) ? $"A reason is a text of at most {ReasonLength} characters."
        : until <= time.GetUtcNow() ? "The end of the exemption lies in the past."
        : null;
}
