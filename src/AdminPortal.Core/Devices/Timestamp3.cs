namespace AdminPortal.Core.Devices;

/// <summary>What a <c>timestamp(3)</c> column of schema <c>public</c> can hold: whole milliseconds, and rounds the rest.</summary>
internal static class Timestamp3
{
    /// <summary>Cut to milliseconds, so that what is answered or compared is what will be read back.</summary>
    public static DateTime Cut(DateTime utc) => utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMillisecond));
}
