namespace AdminPortal.Core.Monitoring;

/// <summary>What the numbers of a plot are.</summary>
public enum PlotUnit
{
    Things,
    Seconds,
}

/// <summary>Which number of a stretch of time a line shows.</summary>
public enum Reading
{
    Total,
    Mean,
    Most,
    P50,
    P95,
    P99,
}

/// <summary>A picture on the Monitoring page.</summary>
/// <param name="Id">In the page, in kebab-case.</param>
/// <param name="Explanation">What is counted, where, in one sentence.</param>
public sealed record Plot(string Id, string Title, string Explanation, PlotUnit Unit, IReadOnlyList<PlotLine> Lines)
{
    /// <summary>A plot of the 50th, 95th and 99th percentile of one figure of times.</summary>
    internal static Plot OfTimes(string id, string title, string explanation, Figure figure) => new(
        id, title, explanation, PlotUnit.Seconds, [new("median", figure, Reading.P50), new("95th percentile", figure, Reading.P95), new("99th percentile", figure, Reading.P99)]);
}

/// <summary>One line of a plot.</summary>
public sealed record PlotLine(string Title, Figure Figure, Reading Reading)
{
    /// <summary>Null: nothing was measured.</summary>
    internal double? Read(FigureSum sum) => Reading switch
    {
        Reading.Total => sum.Sum,
        Reading.Mean => sum.Mean,
        Reading.Most => sum.Max,
        Reading.P50 => sum.Percentile(0.50),
        Reading.P95 => sum.Percentile(0.95),
        _ => sum.Percentile(0.99),
    };
}

/// <summary>Plots that are looked at together.</summary>
public sealed record PlotGroup(string Title, IReadOnlyList<Plot> Plots);
