namespace AdminPortal.Core.Verification.Checks;

/// <summary>Tables that are missing, of another kind, or unexpected.</summary>
internal sealed class TablesCheck : CatalogueCheck
{
    public override string Id => "tables";

    public override string Title => "Every table of this release exists, and no other";

    public override string Expected => "All tables of this release.";

    protected override IEnumerable<Finding> Look(CheckedTarget target)
    {
        foreach (var table in target.Expected.Of(CatalogueKind.Table))
        {
            if (target.Actual.Find(table) is not { } found)
            {
                var twin = target.Actual.Of(CatalogueKind.Table).FirstOrDefault(t => t.Schema == table.Schema && CheckedTarget.AreTwins(t.Name, table.Name));
                yield return new Finding(CheckSeverity.Error, table.Title, "a table", twin is null ? "missing" : $"missing; there is a {twin.Title}",
                    twin is null
                        ? target.RemedyForMissing(table, "It was dropped after its migration. Restore it from a backup, or roll the migration back and apply it again.")
                        : $"Rename it: ALTER TABLE {SafeFix.Quote(twin.Schema, twin.Name)} RENAME TO {SafeFix.Quote(table.Name)}.");
            }
            else if (!found.SameAs(table))
            {
                yield return new Finding(CheckSeverity.Error, table.Title, table.Fact("kind")!, found.Fact("kind")!, "Something else took the table's name. Rename it, then apply the migration again.");
            }
        }

        foreach (var table in target.Actual.Of(CatalogueKind.Table).Where(t => target.Expected.Find(t) is null))
        {
            if (!target.Expected.Of(CatalogueKind.Table).Any(t => t.Schema == table.Schema && CheckedTarget.AreTwins(t.Name, table.Name)))
            {
                yield return new Finding(CheckSeverity.Warning, table.Title, "no such table", $"a {table.Fact("kind")}", "Nothing of this release made it. If it is the host application's, leave it; if nobody knows it, find out who made it.");
            }
        }
    }
}
