using AdminPortal.Core.Activity;
using AdminPortal.Core.Verification;
using AdminPortal.Web.Layout;
using MudBlazor;

namespace AdminPortal.Web.Verification;

/// <summary>Starts verifications and repairs from pages, and tells what came of it.</summary>
internal sealed class VerificationActs(VerificationRuns runs, Messages messages, Dialogs dialogs)
{
    public Task StartAsync(Actor actor, string target, VerificationScope scope, CancellationToken cancellationToken) =>
        messages.TryAsync(async () => Show(await runs.StartAsync(actor, target, scope, cancellationToken), $"{target} is being verified."));

    /// <summary>Asks first, showing the SQL.</summary>
    public Task RepairAsync(Actor actor, string target, SafeFix fix, CancellationToken cancellationToken) => dialogs.AskAsync(fix.Title, new DialogParameters<RepairDialog>
    {
        { dialog => dialog.Target, target },
        { dialog => dialog.Fix, fix },
        {
            dialog => dialog.Act, reason => messages.TryAsync(async () =>
                Show(await runs.RepairAsync(actor, target, fix, reason, cancellationToken), $"{fix.Title}: started. The target is verified again after it."))
        },
    });

    private void Show(VerificationOutcome outcome, string done)
    {
        switch (outcome)
        {
            case VerificationOutcome.Started:
                messages.Done(done);
                break;
            case VerificationOutcome.Busy:
                messages.Warn("Another operation is running on this target. Try again when it has finished; it is listed under Runs.");
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
