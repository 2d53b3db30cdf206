using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Sync;

/// <summary>A row of <c>sync.client_ids</c>, kept for ever: what became of an id that a device made offline. One client id, one row.</summary>
public sealed class SyncClientId
{
    public required string UserId { get; set; }
    public required string Entity { get; set; }
    public required string ClientId { get; set; }
    public required string EntityId { get; set; }
}

internal sealed class SyncClientIdConfiguration : IEntityTypeConfiguration<SyncClientId>
{
    public void Configure(EntityTypeBuilder<SyncClientId> builder)
    {
        builder.ToTable("client_ids", "sync");
        builder.HasKey(c => new { c.UserId, c.Entity, c.ClientId });
    }
}
