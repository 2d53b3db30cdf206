namespace AdminPortal.Core.Verification.Checks;

/// <summary>Migrations of this build that the target lacks, and recorded ones that this build does not know.</summary>
internal sealed class PendingMigrationsCheck : CatalogueCheck
{
    public override string Id => "history";

    public override string Title => "The target has every migration of this release, and none that it does not know";

    public override string Expected => "All migrations of this release.";

    protected override IEnumerable<Finding> Look(CheckedTarget target)
    {
        var history = target.History;
        if (history.Recorded is null or [])
        {
            if (target.Scope.PendingIsMeant)
            {
                yield break; // everything was rolled back
            }

            yield return new Finding(CheckSeverity.Error, "portal.__EFMigrationsHistory", $"{history.Build.Count} migrations", history.Recorded is null ? "no history at all" : "an empty history",
                "If another tool or a person made these tables, adopt the database: what is really there is recorded as applied. Else apply the migrations.");
            yield break;
        }

        var last = history.Applied is [.., var newest] ? newest : null;
        foreach (var migration in history.Pending)
        {
            var outOfOrder = string.CompareOrdinal(migration, last) < 0;
            yield return new Finding(
                target.Scope.PendingIsMeant ? CheckSeverity.Info : CheckSeverity.Error, migration, "applied", outOfOrder ? $"pending, though {last} is applied" : "pending",
                IsThere(target, migration)
                    ? "Everything that it makes is there already: mark it as applied (portal migrate resolve) instead of running it."
                    : $"Apply it: portal migrate deploy --target {target.Name}.");
        }

        foreach (var migration in history.Unknown)
        {
            yield return new Finding(CheckSeverity.Error, migration, "a migration of this release", "applied, and unknown to this release",
                "A newer release migrated this database. Run that release's portal, or roll the migration back with it.");
        }
    }

    private static bool IsThere(CheckedTarget target, string migration)
    {
        var makes = target.Manifest.Objects.Where(o => o.Since == migration && o.Until is null).ToList();
        return makes.Count > 0 && makes.TrueForAll(o => target.Actual.Find(o.Entry)?.SameAs(o.Entry) == true);
    }
}
