namespace AdminPortal.Data;

/// <summary>
/// The clock of the database server, for use inside queries only. It alone decides what is expired: the clocks of the
/// portal's machines and of devices may be wrong, and differ from each other.
/// </summary>
public static class DatabaseClock
{
    /// <summary><c>now()</c>: for the <c>timestamptz</c> columns of the schemas <c>portal</c> and <c>sync</c>.</summary>
    public static DateTimeOffset Now() => throw new InvalidOperationException("Only the database can answer this.");

    /// <summary><c>now() AT TIME ZONE 'utc'</c>: for the <c>timestamp(3)</c> columns of schema <c>public</c>, which hold UTC.</summary>
    public static DateTime UtcNow() => throw new InvalidOperationException("Only the database can answer this.");
}
