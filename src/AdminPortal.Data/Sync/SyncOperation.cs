using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Sync;

/// <summary>A row of <c>sync.ops</c>, the ledger: an operation that was answered, and the answer. Asked again, it gives the same and does nothing.</summary>
public sealed class SyncOperation
{
    public required string UserId { get; set; }
    public required string OpId { get; set; }

    /// <summary>SHA-256 of what the operation wants; the same id with another wish is refused.</summary>
    public required byte[] PayloadHash { get; set; }
    public required string Result { get; set; }
    public DateTimeOffset At { get; set; }
}

internal sealed class SyncOperationConfiguration : IEntityTypeConfiguration<SyncOperation>
{
    public void Configure(EntityTypeBuilder<SyncOperation> builder)
    {
        builder.ToTable("ops", "sync");
        builder.HasKey(o => new { o.UserId, o.OpId });
        builder.Property(o => o.Result).HasColumnType("jsonb");
        builder.Property(o => o.At).HasDefaultValueSql("now()");
        builder.HasIndex(o => o.At);
    }
}
