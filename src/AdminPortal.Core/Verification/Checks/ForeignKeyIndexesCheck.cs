namespace AdminPortal.Core.Verification.Checks;

/// <summary>Foreign keys whose columns no index begins with: deleting what they point at reads the whole table.</summary>
internal sealed class ForeignKeyIndexesCheck : CatalogueCheck
{
    public override string Id => "foreign-key-indexes";

    public override string Title => "Every foreign key is indexed";

    public override string Expected => "An index that begins with the key's columns.";

    public override CheckSeverity Severity => CheckSeverity.Warning;

    protected override IEnumerable<Finding> Look(CheckedTarget target)
    {
        foreach (var key in target.Actual.Of(CatalogueKind.ForeignKey).Where(k => target.Expected.HasTable(k.TableTitle) && !IsIndexed(target.Actual, k)))
        {
            if (IsIndexed(target.Expected, key))
            {
                continue; // the index that is missing is named by its own check
            }

            var ofRelease = target.Expected.Find(key) is not null;
            yield return new Finding(
                ofRelease ? CheckSeverity.Info : CheckSeverity.Warning, key.Title, "an index on " + key.Fact("columns"), "none",
                ofRelease
                    ? $"So in this release: the table's indexes are the host application's. If deleting from {key.Detail("target")} is slow, add one there."
                    : $"CREATE INDEX CONCURRENTLY ON {SafeFix.Quote(key.Schema, key.Table)} ({string.Join(", ", key.Uses.Select(c => SafeFix.Quote(c)))}).");
        }
    }

    private static bool IsIndexed(DatabaseCatalogue catalogue, CatalogueObject key)
    {
        var columns = key.Uses.Select(c => SafeFix.Quote(c).Trim('"')).ToList();
        return catalogue.OfTable(key.TableTitle, CatalogueKind.Index).Any(index => index.Fact("where") is "all rows"
            && index.Fact("columns")!.Replace("\"", "", StringComparison.Ordinal).Split(", ").Take(columns.Count).SequenceEqual(columns));
    }
}
