using System.Globalization;
using AdminPortal.Core.Monitoring;

namespace AdminPortal.Web.Monitoring;

/// <summary>A plot's numbers as people read them.</summary>
internal static class PlotNumber
{
    public static string Text(double? value, PlotUnit unit) => value is not { } number ? "–" : unit switch
    {
        PlotUnit.Seconds when number >= 1 => string.Create(CultureInfo.CurrentCulture, $"{number:0.#} s"),
        PlotUnit.Seconds when number >= 0.01 => string.Create(CultureInfo.CurrentCulture, $"{number * 1000:0} ms"),
        PlotUnit.Seconds => string.Create(CultureInfo.CurrentCulture, $"{number * 1000:0.##} ms"),
        _ => number.ToString(number >= 100 ? "N0" : "#,0.##", CultureInfo.CurrentCulture),
    };
}
