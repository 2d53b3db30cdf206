using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Monitoring;

/// <summary>
/// A row of <c>portal.figures</c> in the portal's own database: what was measured of one figure in one stretch of time, by all
/// portal instances together. Two rows are merged by adding their counts, sums and buckets and taking the greater maximum.
/// </summary>
public sealed class FigureSample
{
    public required string Name { get; set; }

    /// <summary>The length of the stretch in seconds: 60, 600, 3600 or 86400.</summary>
    public int Grain { get; set; }

    /// <summary>Where the stretch begins: a multiple of its length since 1970-01-01 UTC, by the database's clock.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>Measurements.</summary>
    public long Count { get; set; }

    /// <summary>Their sum in the figure's unit: seconds, bytes, or things.</summary>
    public double Sum { get; set; }
    public double Max { get; set; }

    /// <summary>For times: how many measurements lie in each bucket; null: not kept for this figure.</summary>
    public IReadOnlyList<long>? Buckets { get; set; }
}

internal sealed class FigureSampleConfiguration : IEntityTypeConfiguration<FigureSample>
{
    public void Configure(EntityTypeBuilder<FigureSample> builder)
    {
        builder.ToTable("figures", "portal");
        builder.HasKey(s => new { s.Name, s.Grain, s.At });
        builder.Property(s => s.Buckets).HasColumnType("bigint[]");
    }
}
