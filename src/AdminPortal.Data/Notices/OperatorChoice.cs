using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Notices;

/// <summary>A row of <c>portal.operator_choices</c>: what somebody who runs the portal wants to be told. Without a row an admin is told everything.</summary>
public sealed class OperatorChoice
{
    public required string AccountId { get; set; }

    /// <summary>Words of the topics; empty: nothing.</summary>
    public required string[] Topics { get; set; }
}

internal sealed class OperatorChoiceConfiguration : IEntityTypeConfiguration<OperatorChoice>
{
    public void Configure(EntityTypeBuilder<OperatorChoice> builder)
    {
        builder.ToTable("operator_choices", "portal");
        builder.HasKey(c => c.AccountId);
        builder.HasOne<Accounts.Account>().WithMany().HasForeignKey(c => c.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}
