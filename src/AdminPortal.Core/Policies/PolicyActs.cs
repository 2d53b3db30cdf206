using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Permissions;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Policies;

/// <summary>Admins change policies and exempt people and devices from them. Every change is in the audit record.</summary>
public sealed class PolicyActs(IDbContextFactory<DeviceDbContext> databases, AuditLog audit, TimeProvider time)
{
    public const int ReasonLength = 500;

    /// <summary>A policy that would act on more devices than this is switched on by whoever types how many.</summary>
    public const int ConfirmedFrom = 20;

    /// <summary>Saves the settings and whether they hold. A policy holds from the next request on.</summary>
    /// <param name="version">Of the policy as the admin saw it: when another was quicker, nothing is saved.</param>
    /// <param name="confirmed">How many devices the admin was told that it matches, and typed; null: nothing was typed.</param>
    public async Task<PolicyOutcome> SaveAsync(Actor actor, PolicySettings settings, bool enabled, int version, int? confirmed, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
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
        int? allowed = null;
        if (enabled && settings.ActsOnDevices())
        {
            var devices = await PolicyMatches.Of(db, settings, await AnsweredTime.ReadAsync(db, cancellationToken)).CountAsync(cancellationToken);
            if (devices > ConfirmedFrom && devices != confirmed)
            {
                return new PolicyOutcome.NotConfirmed(devices);
            }

            allowed = devices == confirmed ? devices : null; // who typed how many has said yes to so many
        }

        var allowedBy = allowed is null ? null : by;

        var before = version == 0 ? null : (await PolicyList.ReadAsync(db, cancellationToken)).Single(p => p.Name == name).Settings.Describe();
        var saved = version == 0
            ? await db.Database.ExecuteSqlAsync(
                $"""
                 INSERT INTO portal.device_policies (name, enabled, settings, version, "updatedBy", "allowedDevices", "allowedBy")
                 VALUES ({name}, {enabled}, {json}::jsonb, 1, {by}, {allowed}::int, {allowedBy}::text)
                 ON CONFLICT (name) DO NOTHING
                 """,
                cancellationToken)
            : await db.Database.ExecuteSqlAsync(
                $"""
                 UPDATE portal.device_policies SET enabled = {enabled}, settings = {json}::jsonb, version = version + 1, "updatedBy" = {by}, "updatedAt" = now(),
                     "heldDevices" = NULL, "heldOf" = NULL, "heldAt" = NULL, "allowedDevices" = {allowed}::int, "allowedBy" = {allowedBy}::text
                 WHERE name = {name} AND version = {version}
                 """,
                cancellationToken);
        if (saved == 0)
        {
            return new PolicyOutcome.ChangedMeanwhile((await PolicyList.ReadAsync(db, cancellationToken)).Single(p => p.Name == name));
        }

        if (!enabled)
        {
            // Who was told long ago has to be told again before anything happens. That they were told is kept: they were promised time.
            await db.PolicyWarnings.Where(w => w.Policy == name && w.ActedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(w => w.Act, (string?)null).SetProperty(w => w.ActsAt, (DateTimeOffset?)null), cancellationToken);
        }

        await db.NotifyAsync(DeviceChange.Everything, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await audit.WriteAsync(actor, enabled ? "policy.switched-on" : "policy.switched-off", name, "ok", before is null || before == settings.Describe() ? settings.Describe() : $"{before} → {settings.Describe()}", cancellationToken);
        return new PolicyOutcome.Done(version + 1);
    }

    /// <summary>Says yes to a run that acts on many devices at once: on so many and no more, and for these settings only.</summary>
    /// <param name="version">Of the policy as the admin saw it.</param>
    public async Task<PolicyOutcome> AllowAsync(Actor actor, string policy, int version, int devices, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return new PolicyOutcome.NotAllowed();
        }

        if (devices < 1)
        {
            return new PolicyOutcome.Invalid("Say yes to at least one device.");
        }

        var by = actor.Name ?? actor.Id;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var saved = await db.Database.ExecuteSqlAsync(
            $"""
             UPDATE portal.device_policies SET "allowedDevices" = {devices}, "allowedBy" = {by}, "heldDevices" = NULL, "heldOf" = NULL, "heldAt" = NULL
             WHERE name = {policy} AND enabled AND version = {version}
             """,
            cancellationToken);
        if (saved == 0)
        {
            return (await PolicyList.ReadAsync(db, cancellationToken)).FirstOrDefault(p => p.Name == policy) is { } current
                ? new PolicyOutcome.ChangedMeanwhile(current)
                : new PolicyOutcome.NotFound();
        }

        await db.NotifyAsync(DeviceChange.Everything, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await audit.WriteAsync(actor, "policy.allowed", policy, "ok", $"One run may act on {devices:N0} devices.", cancellationToken);
        return new PolicyOutcome.Done(version);
    }

    /// <summary>Has a policy leave a person or a device alone. Exempting again gives the exemption its new reason and end.</summary>
    /// <param name="until">UTC; null: until it is taken back.</param>
    public async Task<PolicyOutcome> ExemptAsync(
        Actor actor, string policy, string subject, string subjectId, string? reason, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
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
        await actor.DemandStandingAsync(cancellationToken);
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
        : ScopeRules.EndProblem(until, "The end of the exemption", time);
}
