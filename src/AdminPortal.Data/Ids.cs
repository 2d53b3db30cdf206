namespace AdminPortal.Data;

/// <summary>New row ids: UUID version 7 (RFC 9562) as 32 lower-case hex digits, so that ids sort by time of creation.</summary>
public static class Ids
{
    /// <summary>Of each, in characters.</summary>
    public const int Length = 32;

    public static string New() => Guid.CreateVersion7().ToString("N");
}
