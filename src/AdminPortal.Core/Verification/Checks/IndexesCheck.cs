namespace AdminPortal.Core.Verification.Checks;

/// <summary>Indexes that are missing or index something else. An equal one under another name is as good.</summary>
internal sealed class IndexesCheck : CatalogueCheck
{
    public override string Id => "indexes";

    public override string Title => "Every index of this release exists on the right columns and rows";

    public override string Expected => "All indexes of this release: columns, unique, predicate.";

    protected override IEnumerable<Finding> Look(CheckedTarget target)
    {
        var others = target.Actual.Of(CatalogueKind.Index).Where(i => target.Expected.Find(i) is null).ToList();
        foreach (var index in target.Expected.Of(CatalogueKind.Index).Where(i => !target.LosesItsGround(i) && i.Detail("primary") is null))
        {
            if (target.Actual.Find(index) is { } found)
            {
                if (!found.SameAs(index))
                {
                    yield return new Finding(CheckSeverity.Error, index.Title, Text(index), Text(found),
                        $"Drop it with DROP INDEX CONCURRENTLY {SafeFix.Quote(found.Schema, found.Name)}, then create the right one: {SafeFix.Create(index).Sql}.");
                }
            }
            else if (others.Find(i => InvalidIndexesCheck.IsValid(i) && i.SameAs(index)) is { } equal)
            {
                yield return new Finding(CheckSeverity.Info, index.Title, Text(index), $"the same under the name {equal.Name}", "Nothing to do: the name does not matter.");
                others.Remove(equal);
            }
            else
            {
                var pending = target.PendingMakerOf(index);
                yield return new Finding(CheckSeverity.Error, index.Title, Text(index), "missing",
                    target.RemedyForMissing(index, "Create it concurrently: reading and writing go on meanwhile."), pending is null ? SafeFix.Create(index) : null);
            }
        }

        foreach (var index in others.Where(i => target.Expected.HasTable(i.TableTitle) && InvalidIndexesCheck.IsValid(i) && !DuplicateIndexesCheck.IsDuplicate(target, i)))
        {
            yield return new Finding(CheckSeverity.Info, index.Title, "no such index", Text(index), "Nothing of this release made it. It costs room and time at every write; see whether it is used.");
        }
    }

    internal static string Text(CatalogueObject index) =>
        $"{index.Fact("unique")} ({index.Fact("columns")}){(index.Fact("included") is { } included ? $" including ({included})" : "")}"
        + $"{(index.Fact("method") == "btree" ? "" : $", {index.Fact("method")}")}{(index.Fact("where") == "all rows" ? "" : $", where {index.Fact("where")}")}";
}
