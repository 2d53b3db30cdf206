namespace AdminPortal.Core.Verification.Checks;

/// <summary>Enum types and their labels: as a set they must agree, their order is only worth knowing.</summary>
internal sealed class EnumsCheck : CatalogueCheck
{
    public override string Id => "enums";

    public override string Title => "Every enum has exactly the labels of this release";

    public override string Expected => "All enum types with their labels.";

    protected override IEnumerable<Finding> Look(CheckedTarget target)
    {
        foreach (var type in target.Expected.Of(CatalogueKind.Enum))
        {
            var wanted = type.Fact("labels")!;
            if (target.Actual.Find(type) is not { } found)
            {
                var twin = target.Actual.Of(CatalogueKind.Enum).FirstOrDefault(e => e.Schema == type.Schema && CheckedTarget.AreTwins(e.Name, type.Name));
                yield return new Finding(CheckSeverity.Error, type.Title, wanted, twin is null ? "missing" : $"missing; there is a {twin.Title}", twin is null
                    ? target.RemedyForMissing(type, $"Make it again: CREATE TYPE {SafeFix.Quote(type.Schema, type.Name)} AS ENUM (…).")
                    : $"Rename it: ALTER TYPE {SafeFix.Quote(twin.Schema, twin.Name)} RENAME TO {SafeFix.Quote(type.Name)}.");
                continue;
            }

            var (labels, present) = (wanted.Split(", "), found.Fact("labels")!.Split(", "));
            if (labels.Except(present).ToList() is { Count: > 0 } missing)
            {
                yield return new Finding(CheckSeverity.Error, type.Title, wanted, found.Fact("labels")!,
                    string.Join(" ", missing.Select(label => $"ALTER TYPE {SafeFix.Quote(type.Schema, type.Name)} ADD VALUE '{label}'.")));
            }
            else if (present.Except(labels).ToList() is { Count: > 0 } extra)
            {
                yield return new Finding(CheckSeverity.Error, type.Title, wanted, found.Fact("labels")!,
                    $"This release cannot read rows with {string.Join(", ", extra)}. Find them, and deploy the release that knows the label; a label cannot be dropped.");
            }
            else if (wanted != found.Fact("labels"))
            {
                yield return new Finding(CheckSeverity.Info, type.Title, wanted, found.Fact("labels")!, "Only the order differs: it decides sorting in SQL, nothing else.");
            }
        }
    }
}
