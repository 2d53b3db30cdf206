using AdminPortal.Web.Sync;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>A full read is asked about first, and can be taken back.</summary>
public sealed class FullReadRequestTests : BunitContext
{
    private int requested;
    private int takenBack;

    public FullReadRequestTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose; // the question takes the focus
        Services.AddSingleton(TimeProvider.System);
    }

    [Fact]
    public async Task Request_IsAskedAboutFirst()
    {
        var shown = Show(null);

        await ClickAsync(shown, "Request a full read…");
        Assert.Equal(0, requested);
        await ClickAsync(shown, "Cancel");
        await ClickAsync(shown, "Request a full read…");
        await ClickAsync(shown, "Request a full read");

        Assert.Equal(1, requested);
    }

    [Fact]
    public async Task Requested_CanBeTakenBack()
    {
        await ClickAsync(Show(new DateTime(2026, 11, 29, 12, 0, 0, DateTimeKind.Utc)), "Take the request back");

        Assert.Equal(1, takenBack);
    }

    private static Task ClickAsync(IRenderedComponent<FullReadRequest> shown, string button) =>
        shown.FindAll("button").Single(b => b.TextContent == button).ClickAsync(new MouseEventArgs());

    private IRenderedComponent<FullReadRequest> Show(DateTime? requestedAt) => Render<FullReadRequest>(parameters => parameters
        .Add(r => r.RequestedAt, requestedAt)
        .Add(r => r.OnRequest, EventCallback.Factory.Create(this, () => { requested++; })).Add(r => r.OnTakeBack, EventCallback.Factory.Create(this, () => { takenBack++; })));
}
