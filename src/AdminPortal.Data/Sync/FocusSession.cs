using AdminPortal.Data.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Sync;

/// <summary>A row of <c>public.focus_sessions</c>: a stretch of work, possibly on one task.</summary>
public sealed class FocusSession
{
    public required string Id { get; set; }
    public required string UserId { get; set; }
    public string? TaskId { get; set; }
    public DateTime StartedAt { get; set; }
    public DateTime? EndedAt { get; set; }
    public int DurationSeconds { get; set; }
    public DateTime CreatedAt { get; set; }
    public DateTime UpdatedAt { get; set; }

    /// <summary>The id that the device gave the session while it was offline; null for sessions made on the server.</summary>
    public string? ClientId { get; set; }
}

internal sealed class FocusSessionConfiguration : IEntityTypeConfiguration<FocusSession>
{
    public void Configure(EntityTypeBuilder<FocusSession> builder)
    {
        builder.ToTable("focus_sessions", "public");
        builder.Property(s => s.CreatedAt).HasDefaultValueSql("CURRENT_TIMESTAMP");
        builder.HasOne<AppUser>().WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<TaskItem>().WithMany().HasForeignKey(s => s.TaskId).OnDelete(DeleteBehavior.SetNull);
        builder.HasIndex(s => s.ClientId).IsUnique();
        builder.HasIndex(s => s.TaskId);
    }
}
