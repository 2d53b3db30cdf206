using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Runs;

/// <summary>A row of <c>portal.run_lines</c> in the portal's own database: one line of a run's log; never with a secret.</summary>
public sealed class RunLine
{
    public long Id { get; set; }
    public required string RunId { get; set; }
    public DateTimeOffset At { get; set; }
    public required string Text { get; set; }
}

internal sealed class RunLineConfiguration : IEntityTypeConfiguration<RunLine>
{
    public void Configure(EntityTypeBuilder<RunLine> builder)
    {
        builder.ToTable("run_lines", "portal");
        builder.Property(l => l.Id).UseIdentityAlwaysColumn();
        builder.HasIndex(l => new { l.RunId, l.Id });
        builder.HasOne<OperationRun>().WithMany().HasForeignKey(l => l.RunId).OnDelete(DeleteBehavior.Cascade);
    }
}
