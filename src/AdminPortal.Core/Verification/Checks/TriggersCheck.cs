namespace AdminPortal.Core.Verification.Checks;

/// <summary>Triggers and functions: the release's own are unchanged and on, and nobody else's sit on the tables that the portal writes.</summary>
internal sealed class TriggersCheck : CatalogueCheck
{
    public override string Id => "triggers";

    public override string Title => "Every trigger and function of this release is unchanged and switched on";

    public override string Expected => "All triggers and functions of this release.";

    protected override IEnumerable<Finding> Look(CheckedTarget target)
    {
        foreach (var kind in (CatalogueKind[])[CatalogueKind.Trigger, CatalogueKind.Function])
        {
            foreach (var wanted in target.Expected.Of(kind).Where(o => kind == CatalogueKind.Function || !target.LosesItsGround(o)))
            {
                if (target.Actual.Find(wanted) is not { } found)
                {
                    yield return new Finding(CheckSeverity.Error, wanted.Title, Text(wanted), "missing",
                        target.RemedyForMissing(wanted, "It was dropped after its migration. Roll that migration back and apply it again, or make it by hand from the preview of the migration."));
                }
                else if (!found.SameAs(wanted))
                {
                    yield return new Finding(CheckSeverity.Error, wanted.Title, Text(wanted), Text(found),
                        found.Fact("state") == "disabled"
                            ? $"ALTER TABLE {SafeFix.Quote(wanted.Schema, wanted.Table)} ENABLE TRIGGER {SafeFix.Quote(wanted.Name)}. What was written meanwhile went unnoticed."
                            : "Somebody changed it. Make it again from the preview of its migration.");
                }
            }
        }

        foreach (var trigger in target.Actual.Of(CatalogueKind.Trigger).Where(t => target.Expected.Find(t) is null && target.Expected.HasTable(t.TableTitle) && !(target.Set.People is not null && t.Name == t.Table + "_person")))
        {
            yield return new Finding(CheckSeverity.Warning, trigger.Title, "no such trigger", Text(trigger),
                "Nothing of this release made it. Know what it does: it runs inside the portal's transactions, and can stop or slow them.");
        }
    }

    private static string Text(CatalogueObject o) => string.Join(", ", o.Facts.Select(f => f.Key is "definition" or "state" ? f.Value : $"{f.Key} {f.Value}"));
}
