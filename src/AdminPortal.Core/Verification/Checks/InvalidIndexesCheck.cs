namespace AdminPortal.Core.Verification.Checks;

/// <summary>Indexes that a concurrent build left behind when it failed: they cost at every write and answer nothing.</summary>
internal sealed class InvalidIndexesCheck : CatalogueCheck
{
    public override string Id => "invalid-indexes";

    public override string Title => "Every index is valid";

    public override string Expected => "No invalid index.";

    public static bool IsValid(CatalogueObject index) => index.Detail("valid") == "yes";

    protected override IEnumerable<Finding> Look(CheckedTarget target)
    {
        foreach (var index in target.Actual.Of(CatalogueKind.Index).Where(i => !IsValid(i)))
        {
            var expected = target.Expected.Find(index);
            yield return new Finding(
                CheckSeverity.Error, index.Title, "valid", "invalid: its build failed or was cancelled",
                expected is null
                    ? "Drop it: nothing uses an invalid index, and every write maintains it."
                    : "Drop it and build it again, concurrently. A unique one failed on duplicates: resolve them first.",
                expected is null ? SafeFix.Drop(index) : SafeFix.Create(expected));
        }
    }
}
