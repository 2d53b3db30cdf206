using AdminPortal.Core.Activity;
using AdminPortal.Core.Pairing;
using AdminPortal.Web.Layout;
using MudBlazor;

namespace AdminPortal.Web.Pairing;

/// <summary>Opens the dialog that makes a pairing link, from wherever a user is shown.</summary>
internal sealed class PairingLinkDialogs(Dialogs dialogs, Messages messages, PairingLinks links)
{
    public Task OpenAsync(Actor actor, string userId, string person, CancellationToken cancellationToken) => messages.TryAsync(async () =>
    {
        var choice = await links.ChoiceAsync(userId, cancellationToken);
        await dialogs.AskAsync($"Pairing link for {person}", new DialogParameters<PairingLinkDialog>
        {
            { dialog => dialog.Me, actor },
            { dialog => dialog.UserId, userId },
            { dialog => dialog.Person, person },
            { dialog => dialog.Choice, choice },
        });
    });
}
