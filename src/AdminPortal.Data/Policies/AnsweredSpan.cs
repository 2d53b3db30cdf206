using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Policies;

/// <summary>
/// A row of <c>portal.answered_spans</c>: a time in which the portal ran and reached this database. Between two rows it did not
/// answer for hours, by the clock of the database, and no device can be blamed for its silence.
/// </summary>
public sealed class AnsweredSpan
{
    public DateTimeOffset Since { get; set; }
    public DateTimeOffset Until { get; set; }
}

internal sealed class AnsweredSpanConfiguration : IEntityTypeConfiguration<AnsweredSpan>
{
    public void Configure(EntityTypeBuilder<AnsweredSpan> builder)
    {
        builder.ToTable("answered_spans", "portal");
        builder.HasKey(s => s.Since);
    }
}
