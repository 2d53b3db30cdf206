using System.Text.Json;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Hosts;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using AdminPortal.Data;

namespace AdminPortal.Core.Migrations;

/// <summary>Starts migrations as runs in the background, for admins only, after everything that could stop them was looked at.</summary>
public sealed class MigrationRuns(TargetAccess access, HostMappings mappings, MigrationPreviews previews, MigrationApprovals approvals, MigrationStatuses statuses, OperationRuns runs)
{
    public const string Deploy = "target.migrate";
    public const string RollBack = "target.rollback";
    public const string Adopt = "target.adopt";
    private const int ReasonLength = 500;

    /// <summary>Applies what is pending.</summary>
    /// <param name="approvalHash">Of the preview that the person looked at.</param>
    /// <param name="withBackup">False needs a reason.</param>
    public async Task<MigrationOutcome> DeployAsync(
        Actor actor, string target, string approvalHash, bool withBackup, string? reason, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (await ObjectionAsync(actor, target, cancellationToken) is { } objection)
        {
            return objection;
        }

        var (preview, status) = await previews.ReadAsync(target, cancellationToken);
        if (preview is null)
        {
            return new MigrationOutcome.NotReady(status);
        }

        if (preview.Pending.Count == 0)
        {
            return new MigrationOutcome.Nothing("Every migration is applied.");
        }

        if (preview.ApprovalHash != approvalHash)
        {
            return new MigrationOutcome.Changed();
        }

        List<string> obstacles = [.. preview.Obstacles];
        var approval = preview.ApprovalFor(actor);
        if (approval is null)
        {
            obstacles.Add(preview.Approval is null ? "Nobody approved this preview yet." : MigrationPreview.TwoPersons);
        }

        if (!withBackup && Names.Clean(reason) is null)
        {
            obstacles.Add("Going without a backup needs a reason.");
        }

        if (obstacles.Count > 0)
        {
            return new MigrationOutcome.Refused(obstacles);
        }

        var title = preview.Pending.Count == 1 ? $"Apply {preview.Pending[0].Script.Name} to {target}" : $"Apply {preview.Pending.Count} migrations to {target}";
        var runId = Ids.New();
        if (!await approvals.UseAsync(approval!.Id, runId, cancellationToken))
        {
            return new MigrationOutcome.Changed();
        }

        var outcome = await StartAsync(
            actor, Deploy, target, title,
            new MigrationOrder(preview.Identity.Key, [.. preview.Pending.Select(p => new MigrationOrderStep(p.Script.Id, p.Script.SqlHash))], withBackup, approvalHash), reason, runId, cancellationToken);
        if (outcome is not MigrationOutcome.Started)
        {
            await approvals.GiveBackAsync(runId, CancellationToken.None);
        }

        return outcome;
    }

    /// <summary>Takes back every applied migration that is newer than <paramref name="to"/>, newest first.</summary>
    /// <param name="to">The id to keep as the newest; empty: take back all.</param>
    /// <param name="acceptsLosses">True: the person was told what it loses, and agrees. Without it a roll-back that loses something is refused.</param>
    public async Task<MigrationOutcome> RollBackAsync(Actor actor, string target, string to, bool withBackup, bool acceptsLosses, string? reason, CancellationToken cancellationToken)
    {
        await actor.DemandFreshAsync(cancellationToken);
        if (await ObjectionAsync(actor, target, cancellationToken) is { } objection)
        {
            return objection;
        }

        if (Names.Clean(reason) is null || reason!.Length > ReasonLength)
        {
            return new MigrationOutcome.Refused([$"Say why, in at most {ReasonLength} characters: a roll-back loses what the migrations made room for."]);
        }

        var found = await statuses.ReadAsync(target, cancellationToken);
        if (found is not MigrationStatus.Known status)
        {
            return new MigrationOutcome.NotReady(found);
        }

        if (to.Length > 0 && status.Migrations.All(m => m.Id != to || m.State != MigrationState.Applied))
        {
            return new MigrationOutcome.Refused([$"“{MigrationScript.NameOf(to)}” is not applied: there is no way back to it."]);
        }

        var set = await mappings.SetAsync(target, cancellationToken);
        var back = status.Migrations.Where(m => m.State is MigrationState.Applied or MigrationState.Unknown && string.CompareOrdinal(m.Id, to) > 0).Reverse().ToList();
        if (back.FirstOrDefault(m => m.State == MigrationState.Unknown) is { } unknown)
        {
            return new MigrationOutcome.Refused([$"“{unknown.Name}” is not in this build, so its way back is not known. Use the release that brought it."]);
        }

        if (back.Count == 0)
        {
            return new MigrationOutcome.Nothing("There is nothing to take back.");
        }

        var objections = await ObjectionsAsync(status, set, to, acceptsLosses, cancellationToken);
        return objections.Count > 0
            ? new MigrationOutcome.Refused(objections)
            : await StartAsync(
                actor, RollBack, target, to.Length == 0 ? $"Take back all migrations of {target}" : $"Roll {target} back to {MigrationScript.NameOf(to)}",
                new MigrationOrder(status.Identity.Key, [.. back.Select(m => new MigrationOrderStep(m.Id, set.Find(m.Id)!.SqlHash))], withBackup), reason, Ids.New(), cancellationToken);
    }

    private async Task<IReadOnlyList<string>> ObjectionsAsync(MigrationStatus.Known status, MigrationSet set, string to, bool acceptsLosses, CancellationToken cancellationToken)
    {
        await using var connection = await TargetConnection.OpenAsync(access.Owner(status.Target).ConnectionString, cancellationToken);
        if (await TargetReadiness.ObstacleAsync(connection, cancellationToken) is { } unready)
        {
            return [unready];
        }

        var plan = await RollBackPlan.ReadAsync(connection, set, set.Back(status, to), cancellationToken);
        var losses = acceptsLosses ? [] : await MigrationLosses.OfAsync(connection, plan, cancellationToken);
        return [.. plan.Obstacles, .. losses.Select(loss => $"This loses {loss}."), .. losses.Count > 0 ? ["Confirm that it may be lost."] : Array.Empty<string>()];
    }

    /// <summary>Records as applied what the catalogue proves to be there, in a database that another program made.</summary>
    /// <param name="withBackup">Before anything is changed in its rows, which raw session tokens ask for; false needs a reason.</param>
    public async Task<MigrationOutcome> AdoptAsync(Actor actor, string target, bool withBackup, string? reason, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (await ObjectionAsync(actor, target, cancellationToken) is { } objection)
        {
            return objection;
        }

        if (!withBackup && Names.Clean(reason) is null)
        {
            return new MigrationOutcome.Refused(["Going without a backup needs a reason."]);
        }

        return await statuses.ReadAsync(target, cancellationToken) switch
        {
            MigrationStatus.Known { NeedsAdoption: true } when await UnreadyAsync(target, cancellationToken) is { } unready => new MigrationOutcome.Refused([unready]),
            MigrationStatus.Known { NeedsAdoption: true } status =>
                await StartAsync(actor, Adopt, target, $"Adopt {target}", new MigrationOrder(status.Identity.Key, [], withBackup), reason, Ids.New(), cancellationToken),
            MigrationStatus.Known => new MigrationOutcome.Nothing("This database has a history already, or nothing to adopt."),
            var away => new MigrationOutcome.NotReady(away),
        };
    }

    private async Task<string?> UnreadyAsync(string target, CancellationToken cancellationToken)
    {
        await using var connection = await TargetConnection.OpenAsync(access.Owner(target).ConnectionString, cancellationToken);
        return await TargetReadiness.ObstacleAsync(connection, cancellationToken);
    }

    private async Task<MigrationOutcome?> ObjectionAsync(Actor actor, string target, CancellationToken cancellationToken) => !actor.IsAdmin
        ? new MigrationOutcome.NotAllowed()
        : !access.Exists(target) ? new MigrationOutcome.NoSuchTarget(access.Names)
        : await FreshSignIn.MissingAsync(actor, access, target, cancellationToken) is { } missing ? new MigrationOutcome.Refused([missing]) : null;

    private async Task<MigrationOutcome> StartAsync(
        Actor actor, string kind, string target, string title, MigrationOrder order, string? reason, string runId, CancellationToken cancellationToken) =>
        await runs.StartAsync(
            actor,
            new NewRun(runId, kind, target, title, JsonSerializer.Serialize(order), Names.Clean(reason), order.Steps.Count, TargetAccess.ExclusiveKey(target)),
            cancellationToken) switch
        {
            StartRunOutcome.Started started => new MigrationOutcome.Started(started.RunId),
            StartRunOutcome.AlreadyRunning running => new MigrationOutcome.AlreadyRunning(running.RunId),
            _ => throw new InvalidOperationException("Not an outcome of starting a run."),
        };
}
