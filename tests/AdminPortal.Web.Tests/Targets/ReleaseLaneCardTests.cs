using AdminPortal.Core.Deployments;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Targets;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Targets;

/// <summary>A lane names the step that is next, and has its button for admins alone.</summary>
public sealed class ReleaseLaneCardTests : BunitContext
{
    private static readonly TargetRow Main = new("main", true, true, "staging", new MigrationStatus.Busy("main"), null, null, null, []);
    private ReleaseAct? asked;

    [Fact]
    public async Task Lane_HasTheNextStepsButton_AndMarksThatStep()
    {
        var lane = Show(ReleaseAct.Prove, isAdmin: true);

        Assert.Equal("prove", lane.Find("[aria-current=step]").GetAttribute("data-step"));
        Assert.Equal("Prove the backup: main", lane.Find(".lane-next button").GetAttribute("aria-label"));
        await lane.Find(".lane-next button").ClickAsync(new MouseEventArgs());
        Assert.Equal(ReleaseAct.Prove, asked);
    }

    [Theory]
    [InlineData(ReleaseAct.Prove, false, 0, 0)]
    [InlineData(ReleaseAct.Wait, true, 0, 0)]
    [InlineData(ReleaseAct.None, true, 0, 0)]
    [InlineData(ReleaseAct.Look, false, 0, 1)]
    public void Lane_WithNothingToDo_HasNoButton(ReleaseAct act, bool isAdmin, int buttons, int links)
    {
        var lane = Show(act, isAdmin);

        Assert.Equal((buttons, links), (lane.FindAll(".lane-next button").Count, lane.FindAll(".lane-next a.button").Count));
    }

    private IRenderedComponent<ReleaseLaneCard> Show(ReleaseAct act, bool isAdmin)
    {
        Services.AddSingleton(TimeProvider.System);
        var lane = new ReleaseLane(Main, "add_something", [new("backup", "Backup", true), new("prove", "Proven", false), new("approve", "SQL approved", false)], new ReleaseNext(act, "The backup was not restored yet.", "/migrations/main"));
        return Render<ReleaseLaneCard>(parameters => parameters
            .Add(c => c.Lane, lane).Add(c => c.IsAdmin, isAdmin).Add(c => c.OnAct, EventCallback.Factory.Create<ReleaseLane>(this, l => asked = l.Next.Act)));
    }
}
