using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Notices;

/// <summary>A row of <c>portal.webhook_calls</c>: something that the webhook is told, and what came of it.</summary>
public sealed class WebhookCall
{
    public long Id { get; set; }
    public DateTimeOffset At { get; set; }
    public required string Kind { get; set; }

    /// <summary>What made it: the same is never told twice.</summary>
    public required string Source { get; set; }

    /// <summary>JSON, as it is sent and signed.</summary>
    public required string Body { get; set; }

    /// <summary><c>pending</c>, <c>sent</c>, or <c>failed</c> after the last try.</summary>
    public required string State { get; set; }
    public int Tries { get; set; }
    public DateTimeOffset? NextTryAt { get; set; }
    public string? LastError { get; set; }
}

internal sealed class WebhookCallConfiguration : IEntityTypeConfiguration<WebhookCall>
{
    public void Configure(EntityTypeBuilder<WebhookCall> builder)
    {
        builder.ToTable("webhook_calls", "portal");
        builder.Property(c => c.Id).UseIdentityAlwaysColumn();
        builder.Property(c => c.At).HasDefaultValueSql("now()");
        builder.HasIndex(c => c.Source).IsUnique();
        builder.HasIndex(c => c.NextTryAt).HasFilter("\"state\" = 'pending'");
    }
}
