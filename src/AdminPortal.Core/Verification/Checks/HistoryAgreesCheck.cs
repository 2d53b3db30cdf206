namespace AdminPortal.Core.Verification.Checks;

/// <summary>A history that claims what the catalogue does not show.</summary>
internal sealed class HistoryAgreesCheck : CatalogueCheck
{
    /// <summary>Of a migration that makes a single index, that index's own check speaks.</summary>
    private const int Enough = 2;

    public override string Id => "history-agrees";

    public override string Title => "Both tools' histories agree with what is really there";

    public override string Expected => "What is recorded as applied is there.";

    protected override IEnumerable<Finding> Look(CheckedTarget target)
    {
        foreach (var migration in target.History.Applied)
        {
            if (Makes(target, migration) is { Count: >= Enough } makes && !makes.Exists(o => target.Actual.Find(o) is not null))
            {
                yield return new Finding(CheckSeverity.Error, migration, $"{makes.Count} objects", "recorded as applied, and none of it is there",
                    "Mark it as rolled back (portal migrate resolve), then apply it.");
            }
        }

        foreach (var recorded in target.History.Prisma ?? [])
        {
            var name = TargetHistory.NameOf(recorded.Name);
            var migration = target.History.Build.FirstOrDefault(id => TargetHistory.NameOf(id) == name);
            if (migration is not null && recorded is { FinishedAt: not null, RolledBackAt: null } && Makes(target, migration) is { Count: >= Enough } made
                && !made.Exists(o => o.Schema == "public" && target.Actual.Find(o) is not null))
            {
                yield return new Finding(CheckSeverity.Error, $"_prisma_migrations: {recorded.Name}", "its tables", "applied by Prisma, and none of it is there",
                    $"prisma migrate resolve --rolled-back {recorded.Name}.");
            }
        }
    }

    private static List<CatalogueObject> Makes(CheckedTarget target, string migration) =>
        [.. target.Manifest.Objects.Where(o => o.Since == migration && o.Until is null).Select(o => o.Entry)];
}
