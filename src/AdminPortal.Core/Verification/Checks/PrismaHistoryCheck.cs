namespace AdminPortal.Core.Verification.Checks;

/// <summary>What Prisma recorded: its unresolved failures block it, and who owns a migration that both tools have.</summary>
internal sealed class PrismaHistoryCheck : CatalogueCheck
{
    public override string Id => "prisma";

    public override string Title => "Prisma's history has no unresolved failure";

    public override string Expected => "Every migration in _prisma_migrations finished, or is marked as rolled back.";

    protected override IEnumerable<Finding> Look(CheckedTarget target)
    {
        foreach (var recorded in target.History.Prisma ?? [])
        {
            var name = TargetHistory.NameOf(recorded.Name);
            if (recorded.IsUnresolved)
            {
                yield return new Finding(CheckSeverity.Error, $"_prisma_migrations: {recorded.Name}", "finished or rolled back", $"began {recorded.StartedAt:yyyy-MM-dd HH:mm} UTC and neither finished nor was resolved",
                    $"Look at what of it is there, then prisma migrate resolve --applied or --rolled-back {recorded.Name}. Nothing is migrated here before that.");
            }
            else if (recorded.RolledBackAt is null && target.History.Applied.Any(id => TargetHistory.NameOf(id) == name))
            {
                yield return new Finding(CheckSeverity.Info, $"_prisma_migrations: {recorded.Name}", "one tool for each migration", "recorded by Prisma and by this portal",
                    "Both know it as applied. From now on let one tool migrate these tables.");
            }
        }
    }
}
