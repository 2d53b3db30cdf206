using AdminPortal.Core.Activity;
using AdminPortal.Core.Bulk;
using AdminPortal.Core.Runs;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AdminPortal.Web.Runs;

/// <summary>Stops runs and takes them back, and tells what came of it.</summary>
internal sealed class RunDialogs(DialogService dialogs, Messages messages, OperationRuns runs, BulkActs bulk, NavigationManager navigation)
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
                messages.Warn("It had come to its end already. Nothing was stopped.");
                break;
            case StopRunOutcome.NotAllowed:
                messages.Warn("Your role does not allow this. Nothing was changed.");
                break;
            default:
                messages.Warn("This run is gone. Nothing was changed.");
                break;
        }
    });

    public async Task UndoAsync(Actor actor, RunRow run, CancellationToken cancellationToken)
    {
        await dialogs.OpenAsync<UndoRunDialog>("Take this run back?", new()
        {
            [nameof(UndoRunDialog.Run)] = run,
            [nameof(UndoRunDialog.OnCancel)] = EventCallback.Factory.Create(this, () => dialogs.Close()),
            [nameof(UndoRunDialog.OnConfirm)] = EventCallback.Factory.Create<string>(this, async reason =>
            {
                if (await messages.TryAsync(async () => Show(await bulk.UndoAsync(actor, run.Id, reason, cancellationToken))))
                {
                    dialogs.Close();
                }
            }),
        }, new DialogOptions { Width = "30rem", CloseDialogOnEsc = true, AutoFocusFirstElement = true });
    }

    private void Show(BulkOutcome outcome)
    {
        switch (outcome)
        {
            case BulkOutcome.Started started:
                navigation.NavigateTo($"/runs/{started.RunId}");
                break;
            case BulkOutcome.AlreadyStarted already:
                messages.Warn("This run had been taken back already.");
                navigation.NavigateTo($"/runs/{already.RunId}");
                break;
            case BulkOutcome.Invalid invalid:
                messages.Warn(invalid.Message);
                break;
            case BulkOutcome.NothingToUndo:
                messages.Warn("This run changed nothing that could be taken back.");
                break;
            case BulkOutcome.NotAllowed:
                messages.Warn("Your role does not allow this. Nothing was changed.");
                break;
            default:
                messages.Warn("This run is gone, or has not ended yet. Nothing was changed.");
                break;
        }
    }
}
