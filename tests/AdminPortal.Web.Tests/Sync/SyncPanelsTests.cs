using AdminPortal.Core.Sync;
using AdminPortal.Web.Sync;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>What the parts of the sync pages show, to whom, and what they ask for.</summary>
public sealed class SyncPanelsTests : BunitContext
{
    private static readonly DateTimeOffset At = new(2026, 3, 10, 10, 2, 3, TimeSpan.Zero);

    private static readonly RejectionLine Refused = new("r1", At, "task", null, "c1", "validation", "title is missing.", ["title"], null, null, null, null);

    private static readonly ConflictLine Lost = new("c1", At, "task", "t1", true, false, ["title"], new Dictionary<string, string> { ["title"] = "Mine" }, null, null, null);

    public SyncPanelsTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public void Problems_ForWhoMayDecide_AskForTheActOnThatRow()
    {
        var asked = new List<string>();
        var rows = Render<SyncProblemRows>(p => p.Add(c => c.Rejections, [Refused]).Add(c => c.Conflicts, [Lost]).Add(c => c.MayDecide, true)
            .Add(c => c.OnRetry, id => asked.Add($"retry {id}")).Add(c => c.OnDismissRejection, id => asked.Add($"dismiss {id}"))
            .Add(c => c.OnRestore, id => asked.Add($"restore {id}")).Add(c => c.OnDismissConflict, id => asked.Add($"leave {id}")));

        for (var i = 0; i < 4; i++)
            rows.FindAll("button")[i].Click();

        Assert.Equal(["retry r1", "dismiss r1", "restore c1", "leave c1"], asked);
        Assert.Equal("Mine", rows.Find(".words dd").TextContent);
    }

    [Fact]
    public void Problems_ForOthers_HaveNoButton_AndClosedOnesSayByWhom()
    {
        var rows = Render<SyncProblemRows>(p => p.Add(c => c.Rejections, [Refused, Refused with { Id = "r2", Closed = "dismissed", ClosedBy = "Ada", ClosedAt = At }]).Add(c => c.Conflicts, []));

        Assert.Empty(rows.FindAll("button"));
        Assert.Empty(rows.FindAll(".words"));
        Assert.Contains("Dismissed by Ada", rows.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void OwnConsent_SaysWhatIsTheCase_AndOffersTheOneNextStep()
    {
        Assert.Equal("Let support see", Button(new ConsentState(true, true, null, null, null), null));
        Assert.Equal("Take the code back", Button(new ConsentState(true, true, At, null, null), "123456"));
        Assert.Equal("End it now", Button(new ConsentState(true, true, null, "Sam", At), null));
        Assert.Contains("123 456", Markup(new ConsentState(true, true, At, null, null), "123456"), StringComparison.Ordinal);
        Assert.Contains("shown only once", Markup(new ConsentState(true, true, At, null, null), null), StringComparison.Ordinal);
        Assert.Contains("Sam", Markup(new ConsentState(true, true, null, "Sam", At), null), StringComparison.Ordinal);
    }

    [Fact]
    public void ConsentBox_OfACode_HandsItOnAndForgetsIt()
    {
        var typed = new List<string>();
        var box = Render<ConsentBox>(p => p.Add(c => c.Consent, new ConsentState(false, false, null, null, null)).Add(c => c.OnCode, code => typed.Add(code)));

        box.Find("#consent-code").Input("123 456");
        box.Find("form").Submit();

        Assert.Equal(["123 456"], typed);
        Assert.Equal("", box.Find("#consent-code").GetAttribute("value") ?? "");
    }

    private string Button(ConsentState state, string? code) => Own(state, code).Find("button").TextContent;

    private string Markup(ConsentState state, string? code) => Own(state, code).Markup;

    private IRenderedComponent<OwnConsent> Own(ConsentState state, string? code) => Render<OwnConsent>(p => p.Add(c => c.Consent, state).Add(c => c.Code, code));
}
