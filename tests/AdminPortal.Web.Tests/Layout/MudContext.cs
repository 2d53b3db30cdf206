using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace AdminPortal.Web.Tests.Layout;

/// <summary>Components that MudBlazor draws parts of: its services, its providers beside them, and a browser that answers nothing.</summary>
public abstract class MudContext : BunitContext
{
    private static readonly DialogOptions Options = new() { CloseOnEscapeKey = true };
    private IRenderedComponent<MudDialogProvider>? dialogs;
    private IRenderedComponent<MudPopoverProvider>? popovers;

    protected MudContext()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
    }

    /// <summary>What is shown of dialogs.</summary>
    protected IRenderedComponent<MudDialogProvider> Dialogs => dialogs ??= Render<MudDialogProvider>();

    /// <summary>What is shown of lists to choose from.</summary>
    protected IRenderedComponent<MudPopoverProvider> Popovers => popovers ??= Render<MudPopoverProvider>();

    /// <summary>Opens a dialog as a page does; it is looked at within <see cref="Dialogs"/>.</summary>
    protected async Task<IDialogReference> OpenAsync<TDialog>(DialogParameters<TDialog> parameters)
        where TDialog : IComponent
    {
        _ = Popovers;
        var provider = Dialogs;
        var service = Services.GetRequiredService<IDialogService>();
        IDialogReference? opened = null;
        await provider.InvokeAsync(async () => opened = await service.ShowAsync<TDialog>("Title", parameters, Options));
        return opened!;
    }

    protected AngleSharp.Dom.IElement DialogButton(string text) => Dialogs.FindAll("button").Single(button => button.TextContent.Trim() == text);

    /// <summary>A double click on the button that confirms, whose second half comes before the first has been done: <paramref name="finish"/> lets it be done.</summary>
    protected async Task ConfirmTwiceAsync(string text, Action finish)
    {
        var first = DialogButton(text).ClickAsync(new MouseEventArgs());
        var second = Dialogs.FindAll(".mud-dialog-actions button")[^1].ClickAsync(new MouseEventArgs());
        finish();
        await Task.WhenAll(first, second);
    }
}
