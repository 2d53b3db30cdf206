using AdminPortal.Core.Monitoring;
using AdminPortal.Web.Monitoring;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Monitoring;

/// <summary>How many errors there were, and the last of them.</summary>
public sealed class ErrorPanelTests : BunitContext
{
    private static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public ErrorPanelTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public void Errors_None_SaysSo()
    {
        var panel = Show(new ErrorsSeen(At, 0, []));

        Assert.Contains("None", panel.Find(".panel-head").TextContent, StringComparison.Ordinal);
        Assert.Empty(panel.FindAll("li"));
    }

    [Fact]
    public void Errors_MoreThanAreKept_AreCountedAndTheLastAreListedWithTheirTrace()
    {
        var panel = Show(new ErrorsSeen(At, 1234, [new ErrorLine(At, "Portal.Pairing", "It failed.", "abc123"), new ErrorLine(At, "Portal.Jobs", "It failed too.", null)]));

        Assert.Contains("1,234", panel.Find(".panel-head").TextContent, StringComparison.Ordinal);
        Assert.Contains("The last 2:", panel.Markup, StringComparison.Ordinal);
        Assert.Equal(["Portal.Pairing · trace abc123", "Portal.Jobs"], panel.FindAll("li .cell-lines .muted").Select(e => e.TextContent));
    }

    private IRenderedComponent<ErrorPanel> Show(ErrorsSeen errors) => Render<ErrorPanel>(parameters => parameters.Add(p => p.Errors, errors));
}
