using AdminPortal.Core.Activity;
using AdminPortal.Core.Jobs;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AdminPortal.Web.Jobs;

/// <summary>The jobs with their schedule and last results; an admin runs one now. Reads again each second while one runs, else every ten.</summary>
public sealed partial class JobsPage : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private const int SlowBeats = 10;
    private readonly CancellationTokenSource stop = new();
    private Task watching = Task.CompletedTask;
    private IReadOnlyList<JobRow>? jobs;
    private Actor? actor;
    private bool failed;
    private bool busy;
    private int quick;

    [Inject] public required JobBoard Board { get; set; }

    [Inject] public required TimeProvider Time { get; set; }

    [Inject] public required DialogService Dialogs { get; set; }

    [Inject] internal CurrentActor Visitor { get; set; } = null!;

    [Inject] internal Messages Messages { get; set; } = null!;

    /// <summary>Support may look, admins run from there.</summary>
    private string PreviewWord => actor?.IsAdmin == true ? "Run now…" : "See what it would do";

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        stop.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        actor = await Visitor.GetAsync();
        if (RendererInfo.IsInteractive)
        {
            await LoadAsync();
            watching = WatchAsync();
        }
    }

    private async Task LoadAsync()
    {
        try
        {
            (jobs, failed) = (await Board.ListAsync(actor!, stop.Token), false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The page is being left.
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception) || exception is Quartz.SchedulerException)
        {
            failed = true;
        }
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Beat, Time);
        try
        {
            for (var beat = 1; await timer.WaitForNextTickAsync(stop.Token); beat++)
            {
                quick = Math.Max(0, quick - 1);
                if (quick > 0 || beat % SlowBeats == 0 || jobs?.Any(job => job.IsRunning) == true)
                {
                    await LoadAsync();
                    StateHasChanged();
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The page is being left.
        }
    }

    private async Task PreviewAsync(JobRow job) => await Messages.TryAsync(async () =>
    {
        if (await Board.PreviewAsync(actor!, job.Name, stop.Token) is { } preview)
        {
            await Dialogs.OpenAsync<RunJobDialog>($"Run “{job.Title}” now?", new()
            {
                [nameof(RunJobDialog.Job)] = job,
                [nameof(RunJobDialog.Preview)] = preview,
                [nameof(RunJobDialog.MayRun)] = actor!.IsAdmin,
                [nameof(RunJobDialog.OnCancel)] = EventCallback.Factory.Create(this, () => Dialogs.Close()),
                [nameof(RunJobDialog.OnConfirm)] = EventCallback.Factory.Create(this, async () =>
                {
                    Dialogs.Close();
                    await RunAsync(job);
                }),
            }, new DialogOptions { Width = "30rem", CloseDialogOnEsc = true, AutoFocusFirstElement = true });
        }
    });

    private async Task RunAsync(JobRow job)
    {
        if (busy)
        {
            return;
        }

        busy = true;
        try
        {
            await Messages.TryAsync(async () => Messages.Show(await Board.RunNowAsync(actor!, job.Name, stop.Token), $"“{job.Title}” was started."));
            quick = SlowBeats; // another instance may take it up in a moment
            await LoadAsync();
        }
        finally
        {
            busy = false;
        }
    }
}
