using AdminPortal.Core.Accounts;
using AdminPortal.Core.Backups;
using AdminPortal.Data.Backups;
using AdminPortal.Web.Backups;
using AdminPortal.Web.Tests.Layout;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace AdminPortal.Web.Tests.Backups;

/// <summary>What stands before a restore: where to, what it loses, and the target's name typed by hand.</summary>
public sealed class RestorePanelTests : MudContext
{
    private static readonly RestoreImpact Loss = new([new TableImpact("public.tasks", 10, 14, 4), new TableImpact("public.users", 3, 3, 0)], Problem: null, OtherDatabase: false);
    private readonly List<RestoreWish> wishes = [];
    private int asked;

    [Fact]
    public void IntoANewDatabase_NeedsItsName()
    {
        var panel = RenderPanel(null);
        Assert.True(Button(panel).HasAttribute("disabled"));

        panel.Find("#restore-into").Input(" main_copy ");
        Button(panel).Click();

        Assert.Equal(new RestoreWish(new RestoreOrder("main_copy"), null, null), Assert.Single(wishes));
        Assert.Equal(0, asked);
    }

    [Theory]
    [InlineData("main", false)]
    [InlineData("Main", true)]
    [InlineData("", true)]
    [InlineData("staging", true)]
    public void OverTheTarget_OnlyItsNameOpensTheButton(string typed, bool closed)
    {
        var panel = RenderPanel(Loss);
        panel.FindAll("input[type=radio]")[1].Change(true);
        panel.Find("#restore-name").Input(typed);

        Assert.Equal(closed, Button(panel).HasAttribute("disabled"));
    }

    [Fact]
    public void OverTheTarget_BeforeItsImpactIsKnown_AsksForItAndStaysClosed()
    {
        var panel = RenderPanel(null);
        panel.FindAll("input[type=radio]")[1].Change(true);
        panel.Find("#restore-name").Input("main");

        Assert.Equal(1, asked);
        Assert.True(Button(panel).HasAttribute("disabled"));
    }

    [Fact]
    public void OverTheTarget_SaysWhatWouldBeLost()
    {
        var panel = RenderPanel(Loss);
        panel.FindAll("input[type=radio]")[1].Change(true);

        Assert.Contains("At least 4 rows would be lost", panel.Markup, StringComparison.Ordinal);
        Assert.Contains("public.tasks", panel.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("public.users", panel.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void OverAProtectedTarget_NeedsAReasonAndThePassword()
    {
        var panel = RenderPanel(Loss, isProtected: true);
        panel.FindAll("input[type=radio]")[1].Change(true);
        panel.Find("#restore-name").Input("main");
        Assert.True(Button(panel).HasAttribute("disabled"));

        panel.Find("#restore-reason").Input("rows were deleted by mistake");
        Assert.True(Button(panel).HasAttribute("disabled"));
        panel.Find("#restore-password").Input("the password");
        panel.Find("input[type=checkbox]").Change(true);
        Button(panel).Click();

        Assert.Equal(new RestoreWish(new RestoreOrder(null, DropsOld: true), "main", "rows were deleted by mistake", new FreshAnswer("the password")), Assert.Single(wishes));
    }

    [Fact]
    public void OverTheTarget_LossesAccepted_SaysSoInTheOrder()
    {
        var panel = RenderPanel(Loss);
        panel.FindAll("input[type=radio]")[1].Change(true);
        panel.Find("#restore-name").Input("main");
        panel.FindAll("input[type=checkbox]")[1].Change(true);
        Button(panel).Click();

        Assert.Equal(new RestoreOrder(null, AcceptsLosses: true), Assert.Single(wishes).Order);
    }

    [Fact]
    public async Task Confirm_DoubleClick_StartsOnce()
    {
        var answer = new TaskCompletionSource();
        var panel = RenderPanel(null, wait: answer.Task);
        panel.Find("#restore-into").Input("main_copy");
        var button = Button(panel);

        var first = button.ClickAsync(new MouseEventArgs());
        var second = button.ClickAsync(new MouseEventArgs());
        answer.SetResult();
        await Task.WhenAll(first, second);

        Assert.Single(wishes);
    }

    private IRenderedComponent<RestorePanel> RenderPanel(RestoreImpact? impact, bool isProtected = false, Task? wait = null) => Render<RestorePanel>(parameters => parameters
        .Add(p => p.Backup, new BackupRow(
            "b", "main", "1/main", "r", "main.dump", BackupState.Complete, DateTimeOffset.UnixEpoch, null, 7, "0", "15", "15", null, null, null, null, false, null, null, null))
        .Add(p => p.IsProtected, isProtected).Add(p => p.Proof, isProtected ? FreshProof.Password : FreshProof.Nothing)
        .Add(p => p.Impact, impact)
        .Add(p => p.OnAskImpact, EventCallback.Factory.Create(this, () => asked++))
        .Add(p => p.OnConfirm, EventCallback.Factory.Create<RestoreWish>(this, async wish =>
        {
            wishes.Add(wish);
            await (wait ?? Task.CompletedTask);
        })));

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<RestorePanel> panel) => panel.Find("button");
}
