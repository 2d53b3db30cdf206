namespace AdminPortal.Core.Verification.Checks;

/// <summary>Tables without their primary key.</summary>
internal sealed class PrimaryKeysCheck : CatalogueCheck
{
    public override string Id => "primary-keys";

    public override string Title => "Every table has its primary key";

    public override string Expected => "A primary key on each table.";

    protected override IEnumerable<Finding> Look(CheckedTarget target)
    {
        foreach (var table in target.Actual.Of(CatalogueKind.Table).Where(t => t.Fact("kind") == "table"))
        {
            var wanted = target.Expected.OfTable(table.Title, CatalogueKind.PrimaryKey).FirstOrDefault()?.Fact("columns");
            var found = target.Actual.OfTable(table.Title, CatalogueKind.PrimaryKey).FirstOrDefault()?.Fact("columns");
            if (wanted is null && (found is not null || target.Expected.HasTable(table.Title)))
            {
                continue;
            }

            if (wanted is not null && wanted != found && wanted.Split(", ").All(column => target.Actual.Column(table.Title, column) is not null))
            {
                yield return new Finding(CheckSeverity.Error, table.Title, $"primary key ({wanted})", found is null ? "no primary key" : $"primary key ({found})",
                    "Look for duplicates, build a unique index concurrently, then ALTER TABLE … ADD PRIMARY KEY USING INDEX ….");
            }
            else if (wanted is null)
            {
                yield return new Finding(CheckSeverity.Info, table.Title, "a primary key", "no primary key", "A table of nobody's release. Logical replication and careful deletes need a key.");
            }
        }
    }
}
