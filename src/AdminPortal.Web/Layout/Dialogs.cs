using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AdminPortal.Web.Layout;

/// <summary>Opens the portal's dialogs, all in the same way, and waits until they are closed.</summary>
internal sealed class Dialogs(IDialogService dialogs)
{
    private static readonly DialogOptions Options = new()
    {
        MaxWidth = MaxWidth.Small,
        FullWidth = true,
        CloseOnEscapeKey = true,
        BackdropClick = false, // a click beside it must not lose what was typed
    };

    private readonly HashSet<(Type, string)> open = [];

    /// <summary>
    /// True: what the dialog asks for was done. False: the person left it, or it is open already: a second click, which came while the first
    /// was on its way, opens no second one.
    /// </summary>
    public async Task<bool> AskAsync<TDialog>(string title, DialogParameters<TDialog> parameters)
        where TDialog : IComponent
    {
        if (!open.Add((typeof(TDialog), title)))
        {
            return false;
        }

        try
        {
            var dialog = await dialogs.ShowAsync<TDialog>(title, parameters, Options);
            return await dialog.Result is { Canceled: false };
        }
        finally
        {
            open.Remove((typeof(TDialog), title));
        }
    }
}
