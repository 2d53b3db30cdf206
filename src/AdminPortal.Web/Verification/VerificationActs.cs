using AdminPortal.Core.Activity;
using AdminPortal.Core.Verification;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AdminPortal.Web.Verification;

/// <summary>Starts verifications and repairs from pages, and tells what came of it.</summary>
internal sealed class VerificationActs(VerificationRuns runs, Messages messages, DialogService dialogs)
{
    public Task StartAsync(Actor actor, string target, VerificationScope scope, CancellationToken cancellationToken) =>
        messages.TryAsync(async () => Show(await runs.StartAsync(actor, target, scope, cancellationToken), $"{target} is being verified."));

    /// <summary>Asks first, showing the SQL.</summary>
    public async Task RepairAsync(Actor actor, string target, SafeFix fix, CancellationToken cancellationToken) =>
        await dialogs.OpenAsync<RepairDialog>(fix.Title, new()
        {
            [nameof(RepairDialog.Target)] = target,
            [nameof(RepairDialog.Fix)] = fix,
            [nameof(RepairDialog.OnCancel)] = EventCallback.Factory.Create(this, () => dialogs.Close()),
            [nameof(RepairDialog.OnConfirm)] = EventCallback.Factory.Create<string?>(this, async reason =>
            {
                if (await messages.TryAsync(async () => Show(await runs.RepairAsync(actor, target, fix, reason, cancellationToken), $"{fix.Title}: started. The target is verified again after it.")))
                {
                    dialogs.Close();
                }
            }),
        }, new DialogOptions { Width = "34rem", CloseDialogOnEsc = true, AutoFocusFirstElement = true });

    private void Show(VerificationOutcome outcome, string done)
    {
        switch (outcome)
        {
            case VerificationOutcome.Started:
                messages.Done(done);
                break;
            case VerificationOutcome.Busy:
                messages.Warn("Something else works on this target already. Wait for its end; it is listed under Runs.");
                break;
            case VerificationOutcome.NotAllowed:
                messages.Warn("Your role does not allow this. Nothing was started.");
                break;
            case VerificationOutcome.NotOffered:
                messages.Warn("A newer verification does not name this repair any more. Nothing was started.");
                break;
            default:
                messages.Warn("There is no such target. Nothing was started.");
                break;
        }
    }
}
