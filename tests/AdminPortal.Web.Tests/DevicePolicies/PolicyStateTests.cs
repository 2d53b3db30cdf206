using AdminPortal.Core.Policies;
using AdminPortal.Web.DevicePolicies;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.DevicePolicies;

/// <summary>What a policy has told, what waits for a yes, and what can be taken back.</summary>
public sealed class PolicyStateTests : BunitContext
{
    private static readonly DateTimeOffset At = new(2026, 1, 1, 3, 10, 0, TimeSpan.Zero);
    private static readonly PolicyRow Quiet = new(PolicyNames.Unseen, true, new PolicySettings.Unseen(60, 14, UnseenAct.Revoke), 3, At, "The admin", 0);
    private static readonly PolicyRow Waiting = Quiet with { Held = new PolicyHold(4801, 40_010, At) };
    private int? allowed;
    private bool takenBack;

    public PolicyStateTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public async Task Held_ForAnAdmin_SaysTheShareAndTakesTheYesForSoMany()
    {
        var view = Show(Waiting);

        var text = Text(view, "held");
        Assert.Contains("found 4,801 devices to act on: 12 % of the 40,010 active ones.", text, StringComparison.Ordinal);
        Assert.Contains("Nothing was done to them.", text, StringComparison.Ordinal);
        await view.Find("[data-testid=held] button").ClickAsync(new MouseEventArgs());
        Assert.Equal(4801, allowed);
    }

    [Fact]
    public void Held_ForSupport_OffersNoYes() => Assert.Empty(Show(Waiting, isAdmin: false).FindAll("button"));

    [Fact]
    public void Told_SaysHowManyWereToldWhat()
    {
        var text = Text(Show(Quiet, told: [new ToldRow(UnseenAct.Quarantine, 1200, At, At.AddDays(9)), new ToldRow(UnseenAct.Revoke, 1, At, At)]), "told");

        Assert.Contains("1,200 devices: quarantined, not before", text, StringComparison.Ordinal);
        Assert.Contains("1 device: revoked, not before", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoked_OffersToTakeBack()
    {
        var view = Show(Quiet, revoked: 48_014);

        Assert.Contains("48,014 devices were revoked by this policy in the last day", Text(view, "revoked"), StringComparison.Ordinal);
        await view.Find("[data-testid=revoked] button").ClickAsync(new MouseEventArgs());
        Assert.True(takenBack);
    }

    [Fact]
    public void NothingToSay_ShowsNothing() => Assert.Equal("", Show(Quiet).Markup.Trim());

    private static string Text(IRenderedComponent<PolicyState> view, string part) =>
        string.Join(' ', view.Find($"[data-testid={part}]").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private IRenderedComponent<PolicyState> Show(PolicyRow policy, ToldRow[]? told = null, int revoked = 0, bool isAdmin = true) => Render<PolicyState>(parameters => parameters
        .Add(v => v.Policy, policy).Add(v => v.Told, told ?? []).Add(v => v.Revoked, revoked).Add(v => v.IsAdmin, isAdmin)
        .Add(v => v.OnAllow, EventCallback.Factory.Create<int>(this, devices => allowed = devices))
        .Add(v => v.OnTakeBack, EventCallback.Factory.Create(this, () => takenBack = true)));
}
