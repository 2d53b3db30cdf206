using AdminPortal.Core.Activity;
using AdminPortal.Core.Bulk;
using AdminPortal.Core.Runs;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AdminPortal.Web.Runs;

/// <summary>Stops runs and takes them back, and tells what came of it.</summary>
internal sealed class RunDialogs(Dialogs dialogs, Messages messages, OperationRuns runs, BulkActs bulk, NavigationManager navigation)
{
    public Task StopAsync(Actor actor, RunRow run, CancellationToken cancellationToken) => messages.TryAsync(async () =>
    {
        switch (await runs.StopAsync(actor, run.Id, cancellationToken))
        {
            case StopRunOutcome.Stopping:
                messages.Done("It stops after the step it is in. What it did stays done.");
                break;
            case StopRunOutcome.AlreadyStopping already:
                messages.Warn($"{already.By ?? "Someone"} had asked it to stop already.");
                break;
            case StopRunOutcome.AlreadyFinished:
                messages.Warn("It had already finished. Nothing was stopped.");
                break;
            case StopRunOutcome.NotAllowed:
                messages.Warn("Your role does not allow this. Nothing was changed.");
                break;
            default:
                messages.Warn("This run is gone. Nothing was changed.");
                break;
        }
    });

    public Task UndoAsync(Actor actor, RunRow run, CancellationToken cancellationToken) => dialogs.AskAsync("Undo this run?", new DialogParameters<UndoRunDialog>
    {
        { dialog => dialog.Run, run },
        { dialog => dialog.Act, reason => messages.TryAsync(async () => Show(await bulk.UndoAsync(actor, run.Id, reason, cancellationToken))) },
    });

    private void Show(BulkOutcome outcome)
    {
        switch (outcome)
        {
            case BulkOutcome.Started started:
                navigation.NavigateTo($"/runs/{started.RunId}");
                break;
            case BulkOutcome.AlreadyStarted already:
                messages.Warn("This run is undone already.");
                navigation.NavigateTo($"/runs/{already.RunId}");
                break;
            case BulkOutcome.Invalid invalid:
                messages.Warn(invalid.Message);
                break;
            case BulkOutcome.NothingToUndo:
                messages.Warn("This run changed nothing that could be undone.");
                break;
            case BulkOutcome.NotAllowed:
                messages.Warn("Your role does not allow this. Nothing was changed.");
                break;
            default:
                messages.Warn("This run is gone, or has not finished yet. Nothing was changed.");
                break;
        }
    }
}
