using System.Text.Json.Serialization;

namespace AdminPortal.Core.Verification;

/// <summary>How much room the target's tables take.</summary>
/// <param name="StatisticsSince">Since when the server counts the use of indexes; null: since it was made.</param>
public sealed record SizeReport(long DatabaseBytes, DateTimeOffset? StatisticsSince, IReadOnlyList<TableSize> Tables);

/// <summary>One table.</summary>
/// <param name="Rows">The server's estimate.</param>
/// <param name="DeadRows">Room that deleted and changed rows still take, until the next vacuum.</param>
public sealed record TableSize(string Table, long Rows, long DeadRows, long TableBytes, IReadOnlyList<IndexSize> Indexes)
{
    public long IndexBytes => Indexes.Sum(i => i.Bytes);

    /// <summary>Null for a table that is empty.</summary>
    public double? BytesPerRow => Rows == 0 ? null : (double)TableBytes / Rows;

    /// <summary>All indexes together, for each thousand rows.</summary>
    public double? IndexBytesPerThousand => Rows == 0 ? null : IndexBytes * 1000.0 / Rows;

    public double DeadShare => Rows + DeadRows == 0 ? 0 : (double)DeadRows / (Rows + DeadRows);

    /// <summary>What the guides estimate for a row, in bytes; null: they say nothing.</summary>
    [JsonIgnore]
    public (int From, int To)? Estimate => Table switch
    {
        "public.device_pairings" => (200, 300),
        "public.device_permissions" => (100, 150),
        _ => null,
    };
}

/// <summary>One index.</summary>
/// <param name="Scans">How often it was used since the statistics began.</param>
public sealed record IndexSize(string Name, long Bytes, long Scans);
