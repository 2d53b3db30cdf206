namespace AdminPortal.Core.Verification.Checks;

/// <summary>CHECK constraints of the release.</summary>
internal sealed class ConstraintsCheck : CatalogueCheck
{
    public override string Id => "constraints";

    public override string Title => "Every check constraint of this release holds for all rows";

    public override string Expected => "All check constraints of this release, validated.";

    protected override IEnumerable<Finding> Look(CheckedTarget target)
    {
        foreach (var constraint in target.Expected.Of(CatalogueKind.Constraint).Where(c => !target.LosesItsGround(c)))
        {
            if (target.Actual.Find(constraint) is not { } found)
            {
                yield return new Finding(CheckSeverity.Error, constraint.Title, constraint.Fact("rule")!, "missing",
                    target.RemedyForMissing(constraint, $"ALTER TABLE {SafeFix.Quote(constraint.Schema, constraint.Table)} ADD CONSTRAINT {SafeFix.Quote(constraint.Name)} {constraint.Detail("ddl")} NOT VALID, then validate it."));
            }
            else if (!found.SameAs(constraint))
            {
                yield return new Finding(CheckSeverity.Error, constraint.Title, constraint.Fact("rule")!, found.Fact("rule")!, "Replace it with the release's own.");
            }
        }

        foreach (var constraint in target.Actual.Of(CatalogueKind.Constraint).Where(c => target.Expected.HasTable(c.TableTitle)))
        {
            if (constraint.Detail("validated") != "yes")
            {
                yield return new Finding(CheckSeverity.Warning, constraint.Title, "validated", "not validated: earlier rows were never checked",
                    "Validate it. Reading and writing go on meanwhile.", SafeFix.Validate(constraint));
            }
            else if (target.Expected.Find(constraint) is null)
            {
                yield return new Finding(CheckSeverity.Info, constraint.Title, "no such constraint", constraint.Fact("rule")!, "Nothing of this release made it. It may refuse rows that the portal writes.");
            }
        }
    }
}
