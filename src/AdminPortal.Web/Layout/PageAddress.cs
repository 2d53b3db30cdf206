using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace AdminPortal.Web.Layout;

/// <summary>Puts another filter into the address of the page that is open. Whoever has followed a link meanwhile stays where they went.</summary>
internal sealed class PageAddress(IJSRuntime script, NavigationManager navigation)
{
    public async Task ReplaceAsync(string address)
    {
        try
        {
            // The browser decides: only it knows at that moment whether the person is still here.
            await script.InvokeVoidAsync("portal.replaceAddress", new Uri(navigation.Uri).AbsolutePath, address);
        }
        catch (JSDisconnectedException)
        {
            // Nobody is there to see it.
        }
    }
}
