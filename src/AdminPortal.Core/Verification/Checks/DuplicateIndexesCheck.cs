namespace AdminPortal.Core.Verification.Checks;

/// <summary>Indexes on the same columns and rows. The one on deviceId that the pairing guide doubles is wanted.</summary>
internal sealed class DuplicateIndexesCheck : CatalogueCheck
{
    public override string Id => "duplicate-indexes";

    public override string Title => "No two indexes do the same work";

    public override string Expected => "Each set of columns indexed once.";

    public override CheckSeverity Severity => CheckSeverity.Warning;

    /// <summary>True when an index of the release, or an earlier one by name, does the same work.</summary>
    public static bool IsDuplicate(CheckedTarget target, CatalogueObject index) => target.Actual.OfTable(index.TableTitle, CatalogueKind.Index)
        .Any(other => other.Name != index.Name && DoesTheSame(other, index) && !(Rank(target, index) < Rank(target, other))
            && (Rank(target, index) > Rank(target, other) || string.CompareOrdinal(other.Name, index.Name) < 0));

    protected override IEnumerable<Finding> Look(CheckedTarget target)
    {
        foreach (var index in target.Actual.Of(CatalogueKind.Index).Where(i => InvalidIndexesCheck.IsValid(i) && target.Expected.HasTable(i.TableTitle) && IsDuplicate(target, i)))
        {
            var other = target.Actual.OfTable(index.TableTitle, CatalogueKind.Index).First(o => o.Name != index.Name && DoesTheSame(o, index));
            var ofRelease = target.Expected.Find(index) is not null;
            yield return new Finding(
                ofRelease ? CheckSeverity.Info : CheckSeverity.Warning, index.Title, "no index beside " + other.Name, IndexesCheck.Text(index),
                ofRelease ? "The guide makes both, and both are wanted." : $"Drop the one that nothing needs by name: DROP INDEX CONCURRENTLY {SafeFix.Quote(index.Schema, index.Name)}.");
        }
    }

    /// <summary>A unique index does the work of a plain one on the same columns.</summary>
    private static bool DoesTheSame(CatalogueObject one, CatalogueObject other) =>
        InvalidIndexesCheck.IsValid(one) && one.Fact("columns") == other.Fact("columns") && one.Fact("where") == other.Fact("where")
        && one.Fact("method") == other.Fact("method") && one.Fact("included") == other.Fact("included");

    /// <summary>Which of two stays: a unique one of the release first.</summary>
    private static int Rank(CheckedTarget target, CatalogueObject index) =>
        (target.Expected.Find(index) is null ? 2 : 0) + (index.Fact("unique") == "not unique" ? 1 : 0);
}
