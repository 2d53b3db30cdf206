using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Deployments;

/// <summary>
/// A row of <c>portal.checklist_notes</c> in the portal's own database: why a line of a deployment's checklist is taken as
/// done although the portal has no evidence for it.
/// </summary>
public sealed class ChecklistNote
{
    public required string Id { get; set; }
    public required string Target { get; set; }

    /// <summary>The newest migration of the release.</summary>
    public required string Release { get; set; }

    /// <summary>The line's name, such as <c>error-log</c>.</summary>
    public required string Line { get; set; }
    public required string Reason { get; set; }
    public required string ActorId { get; set; }
    public string? ActorName { get; set; }
    public DateTimeOffset At { get; set; }
}

internal sealed class ChecklistNoteConfiguration : IEntityTypeConfiguration<ChecklistNote>
{
    public void Configure(EntityTypeBuilder<ChecklistNote> builder)
    {
        builder.ToTable("checklist_notes", "portal");
        builder.Property(n => n.At).HasDefaultValueSql("now()");
        builder.HasIndex(n => new { n.Target, n.Release });
    }
}
