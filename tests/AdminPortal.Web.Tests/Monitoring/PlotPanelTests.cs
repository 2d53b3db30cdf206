using AdminPortal.Core.Monitoring;
using AdminPortal.Web.Monitoring;
using Bunit;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Monitoring;

/// <summary>A plot is drawn with its gaps, said in words, and there as a table.</summary>
public sealed class PlotPanelTests : BunitContext
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Plot Answers = Plots.All.Single(p => p.Id == "device-answers");

    public PlotPanelTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public void Plot_NothingMeasured_SaysSoAndDrawsNothing()
    {
        var panel = Show(null, null, null);

        Assert.Contains("Nothing was measured", panel.Markup, StringComparison.Ordinal);
        Assert.Empty(panel.FindAll("svg"));
    }

    [Fact]
    public void Plot_WithNumbers_SaysLastAndGreatestInWords()
    {
        var words = Show(0.004, 0.25, 0.012).Find("svg[role=img]").GetAttribute("aria-label")!;

        Assert.StartsWith("Answer times for devices: median 12 ms at last, 250 ms at most; 95th percentile", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_IsShownOnRequest_NewestFirstWithoutGaps()
    {
        var panel = Show(0.004, null, 0.012);
        Assert.Empty(panel.FindAll("table"));

        await panel.Find("button").ClickAsync(new MouseEventArgs());

        Assert.Equal(["1 Jan 2026, 00:02 UTC", "1 Jan 2026, 00:00 UTC"], panel.FindAll("tbody th").Select(th => th.TextContent));
        Assert.Equal("true", panel.Find("button").GetAttribute("aria-expanded"));
    }

    [Fact]
    public void Drawing_AGap_BreaksTheLineAndALonePointStaysVisible()
    {
        var drawing = PlotDrawing.Of(Data(0.001, null, 0.002));

        Assert.Equal((0.002, "M0 100h0M1000 0h0"), (drawing.Top, drawing.Paths[0]));
    }

    [Theory]
    [InlineData(0, PlotUnit.Things, 1)]
    [InlineData(0, PlotUnit.Seconds, 0.001)]
    [InlineData(3, PlotUnit.Things, 5)]
    [InlineData(10, PlotUnit.Things, 10)]
    [InlineData(880_123, PlotUnit.Things, 1_000_000)]
    [InlineData(0.4, PlotUnit.Things, 0.5)]
    public void RoundUp_AnyNumber_IsTheNextRoundOne(double greatest, PlotUnit unit, double top) => Assert.Equal(top, PlotDrawing.RoundUp(greatest, unit), 6);

    [Theory]
    [InlineData(null, PlotUnit.Things, "–")]
    [InlineData(1234.0, PlotUnit.Things, "1,234")]
    [InlineData(2.5, PlotUnit.Things, "2.5")]
    [InlineData(0.0004, PlotUnit.Seconds, "0.4 ms")]
    [InlineData(0.0564, PlotUnit.Seconds, "56 ms")]
    [InlineData(1.25, PlotUnit.Seconds, "1.3 s")]
    public void Number_HasItsUnit(double? value, PlotUnit unit, string text) => Assert.Equal(text, PlotNumber.Text(value, unit));

    private static PlotData Data(params double?[] values) => new(Answers, [.. Answers.Lines.Select(line => new LineData(line.Title, values))]);

    private IRenderedComponent<PlotPanel> Show(params double?[] values) => Render<PlotPanel>(parameters => parameters
        .Add(p => p.Data, Data(values)).Add(p => p.Times, [.. values.Select((_, i) => Start.AddMinutes(i))]));
}
