using System.Globalization;
using System.Text;
using AdminPortal.Core.Monitoring;

namespace AdminPortal.Web.Monitoring;

/// <summary>A plot's lines as SVG paths in a box of <see cref="Width"/> by <see cref="Height"/>, from 0 at its bottom to <see cref="Top"/>.</summary>
internal sealed record PlotDrawing(double Top, IReadOnlyList<string> Paths)
{
    public const int Width = 1000;
    public const int Height = 200;

    private static readonly double[] Steps = [1, 2, 5, 10];

    public static PlotDrawing Of(PlotData data)
    {
        var top = RoundUp(data.Lines.SelectMany(line => line.Values).Max() ?? 0, data.Plot.Unit);
        return new PlotDrawing(top, [.. data.Lines.Select(line => PathOf(line.Values, top))]);
    }

    /// <summary>The next 1, 2 or 5 with zeros, so that the scale does not move with each reading.</summary>
    internal static double RoundUp(double greatest, PlotUnit unit)
    {
        if (greatest <= 0)
        {
            return unit == PlotUnit.Seconds ? 0.001 : 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(greatest)));
        return Steps.Select(step => step * power).First(top => top >= greatest * 0.999999);
    }

    /// <summary>Where nothing was measured the line has a gap; a lone point is a stroke of no length, which its round end makes a dot.</summary>
    private static string PathOf(IReadOnlyList<double?> values, double top)
    {
        var path = new StringBuilder();
        var open = false;
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is not { } value)
            {
                open = false;
                continue;
            }

            var (x, y) = (values.Count == 1 ? 0 : (double)i * Width / (values.Count - 1), Height - (value / top * Height));
            path.Append(CultureInfo.InvariantCulture, $"{(open ? 'L' : 'M')}{x:0.#} {y:0.#}{(open ? "" : "h0")}");
            open = true;
        }

        return path.ToString();
    }
}
