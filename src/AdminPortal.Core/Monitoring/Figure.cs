namespace AdminPortal.Core.Monitoring;

/// <summary>How the measurements of a figure are put together.</summary>
public enum FigureKind
{
    /// <summary>Of a counter: the number of things that happened.</summary>
    Count,

    /// <summary>Of a gauge: how many there are; a stretch of time has a mean and a greatest value.</summary>
    Level,

    /// <summary>Of a histogram of durations in seconds: percentiles.</summary>
    Time,
}

/// <summary>Picks measurements by their tags.</summary>
public delegate bool MeasurementFilter(ReadOnlySpan<KeyValuePair<string, object?>> tags);

/// <summary>Something that is measured by an instrument and kept in the portal's database. <see cref="Plots"/> lists them all.</summary>
/// <param name="Name">In the database; renaming it loses what was kept.</param>
/// <param name="Meter">The meter of the instrument, such as <c>Microsoft.AspNetCore.Hosting</c>.</param>
/// <param name="Only">Null: every measurement of the instrument.</param>
public sealed record Figure(string Name, FigureKind Kind, string Meter, string Instrument, MeasurementFilter? Only = null);
