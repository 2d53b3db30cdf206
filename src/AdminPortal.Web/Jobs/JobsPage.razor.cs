using AdminPortal.Core.Activity;
using AdminPortal.Core.Jobs;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AdminPortal.Web.Jobs;

/// <summary>The jobs with their schedule and last results; an admin runs or stops one. Reads again each second while one runs, else every ten.</summary>
public sealed partial class JobsPage
{
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(10);
    private DateTimeOffset quickUntil;

    [Inject] public required JobBoard Board { get; set; }

    [Inject] internal Dialogs Dialogs { get; set; } = null!;

    [Inject] internal Messages Messages { get; set; } = null!;

    [Inject] internal OneAct Once { get; set; } = null!;

    protected override bool IsMoving => State.Value?.Any(job => job.IsRunning) == true || Time.GetUtcNow() < quickUntil;

    protected override TimeSpan Pause => IsMoving ? Quick : Slow;

    /// <summary>Support may look, admins run from there.</summary>
    private string PreviewWord => Actor?.IsAdmin == true ? "Run now…" : "See what it would do";

    private string Summary => State.Value?.Count(job => job.Runs.FirstOrDefault(run => run.Outcome != JobOutcome.Running) is { Outcome: JobOutcome.Failed or JobOutcome.Abandoned }) switch
    {
        null => "What the portal does by itself.",
        0 => "What the portal does by itself. No job failed the last time.",
        1 => "1 job failed the last time.",
        var failed => $"{failed} jobs failed the last time.",
    };

    protected override async Task<IReadOnlyList<JobRow>?> LoadAsync(Actor actor, CancellationToken cancellationToken) => await Board.ListAsync(actor, cancellationToken);

    private async Task PreviewAsync(JobRow job)
    {
        string? preview = null;
        if (!await Messages.TryReadAsync(async () => preview = await Board.PreviewAsync(Actor!, job.Name, Life)) || preview is null)
        {
            return;
        }

        var confirmed = await Dialogs.AskAsync($"Run “{job.Title}” now?", new DialogParameters<RunJobDialog>
        {
            { dialog => dialog.Job, job },
            { dialog => dialog.Preview, preview },
            { dialog => dialog.Act, Actor!.IsAdmin ? () => Task.FromResult(true) : null },
        });
        if (confirmed)
        {
            await RunAsync(job);
        }
    }

    private Task RunAsync(JobRow job) => ActAsync(async () => Messages.Show(await Board.RunNowAsync(Actor!, job.Name, Life), $"“{job.Title}” was started."));

    private Task StopAsync(JobRow job) => ActAsync(async () => Messages.Show(await Board.StopAsync(Actor!, job.Name, Life), $"“{job.Title}” stops after the step that it is at."));

    /// <summary>Another instance may take it up in a moment.</summary>
    private async Task ActAsync(Func<Task> act)
    {
        await Once.RunAsync(act);
        quickUntil = Time.GetUtcNow() + Slow;
        await ReloadAsync();
    }
}
