using System.Globalization;

namespace AdminPortal.Web.Targets;

/// <summary>Bytes as people read them, in units of 1024.</summary>
internal static class Sizes
{
    private static readonly string[] Units = ["bytes", "KB", "MB", "GB", "TB"];

    public static string Of(long bytes)
    {
        var (size, unit) = ((double)bytes, 0);
        while (size >= 1024 && unit < Units.Length - 1)
        {
            (size, unit) = (size / 1024, unit + 1);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{size:0.#} {Units[unit]}");
    }
}
