using AdminPortal.Web.Layout;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Layout;

/// <summary>The bar of what is not saved: it counts, it saves and discards, and it asks whoever leaves.</summary>
public sealed class UnsavedBarTests : BunitContext
{
    private int discarded;
    private int saved;

    public UnsavedBarTests() => JSInterop.Mode = JSRuntimeMode.Loose;

    private BunitNavigationManager Navigation => Services.GetRequiredService<BunitNavigationManager>();

    [Fact]
    public void Bar_WithoutChanges_IsNotThereAndAsksNobody()
    {
        var bar = Show(0);

        Assert.Empty(bar.Markup.Trim());
        Navigation.NavigateTo("/elsewhere");
        Assert.EndsWith("/elsewhere", Navigation.Uri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "1 change")]
    [InlineData(12, "12 changes")]
    public async Task Bar_WithChanges_CountsSavesAndDiscards(int changes, string words)
    {
        var bar = Show(changes);

        Assert.Equal(words, bar.Find("[role=status]").TextContent);
        await Button(bar, "Save").ClickAsync(new MouseEventArgs());
        await Button(bar, "Discard").ClickAsync(new MouseEventArgs());
        Assert.Equal((1, 1), (saved, discarded));
    }

    [Fact]
    public void Bar_ThatCannotSaveYet_SaysWhatComesFirst()
    {
        var bar = Show(1, canSave: false, hint: "See what it would do first");

        Assert.True(Button(bar, "Save").HasAttribute("disabled"));
        Assert.Equal("1 change · See what it would do first", bar.Find("[role=status]").TextContent);
    }

    [Fact]
    public async Task Leaving_WithChanges_AsksAndThenStaysOrLeaves()
    {
        var bar = Show(2);
        Navigation.NavigateTo("/elsewhere");
        Assert.Contains("Leave without saving? 2 changes are lost.", bar.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal("http://localhost/", Navigation.Uri);

        await Button(bar, "Stay").ClickAsync(new MouseEventArgs());
        Assert.Empty(bar.FindAll("[role=alert]"));
        Navigation.NavigateTo("/elsewhere");
        await Button(bar, "Leave").ClickAsync(new MouseEventArgs());
        Assert.EndsWith("/elsewhere", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherViewOfThePage_WithChanges_IsNoLeaving()
    {
        var bar = Show(1);

        Navigation.NavigateTo("/?cursor=abc");

        Assert.EndsWith("/?cursor=abc", Navigation.Uri, StringComparison.Ordinal);
        Assert.Empty(bar.FindAll("[role=alert]"));
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<UnsavedBar> bar, string words) => bar.FindAll("button").Single(b => b.TextContent == words);

    private IRenderedComponent<UnsavedBar> Show(int changes, bool canSave = true, string? hint = null) => Render<UnsavedBar>(parameters => parameters
        .Add(b => b.Changes, changes).Add(b => b.CanSave, canSave).Add(b => b.Hint, hint)
        .Add(b => b.OnDiscard, EventCallback.Factory.Create(this, () => discarded++))
        .Add(b => b.OnSave, EventCallback.Factory.Create(this, () => saved++)));
}
