namespace AdminPortal.Core.Verification.Checks;

/// <summary>Foreign keys that are missing, act otherwise on delete or update, or were never validated.</summary>
internal sealed class ForeignKeysCheck : CatalogueCheck
{
    public override string Id => "foreign-keys";

    public override string Title => "Every foreign key exists with its delete and update rule, and is validated";

    public override string Expected => "All foreign keys of this release.";

    protected override IEnumerable<Finding> Look(CheckedTarget target)
    {
        foreach (var key in target.Expected.Of(CatalogueKind.ForeignKey).Where(k => !target.LosesItsGround(k)))
        {
            var found = target.Actual.Find(key)
                ?? target.Actual.OfTable(key.TableTitle, CatalogueKind.ForeignKey).FirstOrDefault(k => k.Fact("columns") == key.Fact("columns") && k.Fact("references") == key.Fact("references"));
            if (found is null)
            {
                yield return new Finding(CheckSeverity.Error, key.Title, Text(key), "missing", target.RemedyForMissing(key,
                    $"Look for orphans, then {Alter(key)} ADD CONSTRAINT {SafeFix.Quote(key.Name)} {key.Detail("ddl")} NOT VALID, and VALIDATE CONSTRAINT after it."));
            }
            else if (!found.SameAs(key))
            {
                yield return new Finding(CheckSeverity.Error, key.Title, Text(key), Text(found),
                    $"In one transaction: {Alter(key)} DROP CONSTRAINT {SafeFix.Quote(found.Name)}, ADD CONSTRAINT {SafeFix.Quote(key.Name)} {key.Detail("ddl")} NOT VALID; then VALIDATE CONSTRAINT.");
            }
            else if (found.Detail("validated") != "yes")
            {
                yield return new Finding(CheckSeverity.Warning, key.Title, "validated", "not validated: earlier rows were never checked",
                    "Validate it. Reading and writing go on meanwhile; it fails when there are orphans.", SafeFix.Validate(found));
            }
        }
    }

    private static string Alter(CatalogueObject key) => $"ALTER TABLE {SafeFix.Quote(key.Schema, key.Table)}";

    private static string Text(CatalogueObject key) =>
        $"({key.Fact("columns")}) references {key.Fact("references")}, on delete {key.Fact("on delete")}, on update {key.Fact("on update")}";
}
