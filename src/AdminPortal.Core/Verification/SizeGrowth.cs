namespace AdminPortal.Core.Verification;

/// <summary>How quickly tables grow, from two verifications that are far enough apart.</summary>
public static class SizeGrowth
{
    private static readonly TimeSpan Enough = TimeSpan.FromHours(6);

    /// <summary>Bytes a day of a table with its indexes; null: no earlier verification measured it long enough ago.</summary>
    public static double? PerDay(string table, IReadOnlyList<VerificationResult> newestFirst)
    {
        var measured = newestFirst.Where(r => r.Sizes is not null).ToList();
        if (measured is not [var now, ..] || measured.FindLast(r => now.StartedAt - r.StartedAt >= Enough && r.Identity == now.Identity) is not { } earlier)
        {
            return null;
        }

        return Bytes(now, table) is { } after && Bytes(earlier, table) is { } before ? (after - before) / (now.StartedAt - earlier.StartedAt).TotalDays : null;
    }

    private static long? Bytes(VerificationResult result, string table) => result.Sizes!.Tables.FirstOrDefault(t => t.Table == table) is { } size ? size.TableBytes + size.IndexBytes : null;
}
