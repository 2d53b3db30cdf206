using AdminPortal.Core.Activity;
using AdminPortal.Core.Alerts;
using AdminPortal.Web.Layout;
using MudBlazor;

namespace AdminPortal.Web.Alerts;

/// <summary>Asks before an owner disowns a device or an admin concludes on an alert, does it, and tells what came of it.</summary>
internal sealed class AlertDialogs(Dialogs dialogs, Messages messages, DeviceDisowning disowning, AlertActs acts)
{
    /// <summary>True: the device is suspended now, or was because of an earlier click.</summary>
    public async Task<bool> DisownAsync(Actor actor, string pairingId, string title, CancellationToken cancellationToken)
    {
        var said = false;
        await dialogs.AskAsync($"“{title}” is not yours?", new DialogParameters<DisownDialog>
        {
            { dialog => dialog.Device, title },
            {
                dialog => dialog.Act, note => TryAsync(async () =>
                {
                    var outcome = await disowning.DisownAsync(actor, pairingId, note, cancellationToken);
                    said = outcome is DisownOutcome.Done or DisownOutcome.AlreadyOpen;
                    if (!said)
                    {
                        messages.Warn(Words(outcome));
                    }

                    return said;
                })
            },
        });
        return said;
    }

    public Task ConcludeAsync(Actor actor, AlertRow alert, CancellationToken cancellationToken) => dialogs.AskAsync("Conclude on this alert", new DialogParameters<ConcludeDialog>
    {
        { dialog => dialog.Alert, alert },
        {
            dialog => dialog.Act, conclusion => TryAsync(async () =>
            {
                var outcome = await acts.CloseAsync(actor, alert.Id, conclusion, cancellationToken);
                Show(outcome, alert);
                return outcome is not AlertOutcome.Invalid;
            })
        },
    });

    private void Show(AlertOutcome outcome, AlertRow alert)
    {
        switch (outcome)
        {
            case AlertOutcome.Closed:
                messages.Done($"The alert about “{alert.DeviceTitle}” is closed, and {alert.Person} is told.");
                break;
            case AlertOutcome.AlreadyClosed already:
                messages.Warn($"{already.By} had closed this alert already: “{already.Conclusion}”. Your words were not saved.");
                break;
            case AlertOutcome.Invalid invalid:
                messages.Warn(invalid.Message);
                break;
            case AlertOutcome.NotAllowed:
                messages.Warn("Your role does not allow this. Nothing was changed.");
                break;
            default:
                messages.Warn("This alert is gone. Nothing was changed.");
                break;
        }
    }

    private static string Words(DisownOutcome outcome) => outcome switch
    {
        DisownOutcome.Invalid invalid => invalid.Message,
        DisownOutcome.NotAllowed => "Only the person whose device it is can say this. Nothing was changed.",
        _ => "This device is gone. Nothing was changed.",
    };

    /// <summary>False: it was not done, and the dialog stays with what was typed.</summary>
    private async Task<bool> TryAsync(Func<Task<bool>> act)
    {
        var done = false;
        await messages.TryAsync(async () => done = await act());
        return done;
    }
}
