using AdminPortal.Core.Activity;
using AdminPortal.Core.Backups;
using AdminPortal.Core.Deployments;
using AdminPortal.Core.Verification;
using AdminPortal.Web.Layout;
using AdminPortal.Web.Migrations;
using AdminPortal.Web.Verification;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Targets;

/// <summary>The release on its way over the targets, each a lane with its next step. What is started is watched here.</summary>
public sealed partial class TargetsPage
{
    [Inject] public required ReleaseLanes Lanes { get; set; }

    [Inject] public required BackupActs Backups { get; set; }

    [Inject] internal MigrationDialogs Migrations { get; set; } = null!;

    [Inject] internal VerificationActs Verifications { get; set; } = null!;

    [Inject] internal Messages Messages { get; set; } = null!;

    [Inject] internal OneAct Once { get; set; } = null!;

    protected override bool IsMoving => State.Value?.Any(lane => lane.Target.Running is not null) == true;

    /// <summary>The page's question, answered.</summary>
    private string Summary => State.Value switch
    {
        null => "The databases that a release passes, in their order.",
        var lanes when lanes.All(lane => lane.IsDone) => "The release is in place everywhere, backed up and verified.",
        var lanes => string.Join(", ", lanes.Select(lane => $"{lane.Target.Name}: {(lane.IsDone ? "done" : lane.Next.Act switch
        {
            ReleaseAct.Wait => "waiting",
            ReleaseAct.Look => "something is in the way",
            _ => $"{lane.Steps.Count(s => s.IsDone)} of {lane.Steps.Count} steps done",
        })}")) + ".",
    };

    protected override async Task<IReadOnlyList<ReleaseLane>?> LoadAsync(Actor actor, CancellationToken cancellationToken) => await Lanes.ReadAsync(actor, cancellationToken);

    private async Task ActAsync(ReleaseLane lane)
    {
        var (actor, name) = (Actor!, lane.Target.Name);
        await Once.RunAsync(() => lane.Next.Act switch
        {
            ReleaseAct.BackUp => ShowAsync(Backups.TakeAndProveAsync(actor, name, reason: null, Life)),
            ReleaseAct.Prove => ShowAsync(Backups.ProveAsync(actor, lane.BackupId!, reason: null, Life)),
            ReleaseAct.Approve => Migrations.ApproveAsync(actor, lane.Preview!, Life),
            ReleaseAct.Apply => Migrations.DeployHereAsync(actor, lane.Preview!, lane.IsBackedUp, Life),
            ReleaseAct.Verify => Verifications.StartAsync(actor, name, VerificationScope.CatalogueOnly, Life),
            _ => Task.CompletedTask,
        });
        await ReloadAsync();
    }

    private async Task ShowAsync(Task<BackupOutcome> act) => Messages.Show(await act, "");
}
