namespace AdminPortal.Core.Verification.Checks;

/// <summary>A build that was released without the migration of its last change.</summary>
internal sealed class ModelCheck : CatalogueCheck
{
    public override string Id => "model";

    public override string Title => "This release has a migration for every change of its model";

    public override string Expected => "No pending model change.";

    protected override IEnumerable<Finding> Look(CheckedTarget target)
    {
        if (target.ModelHasChanges)
        {
            yield return new Finding(CheckSeverity.Error, "this release", Expected, "the model differs from the newest migration", "Not this database's fault: make the missing migration (docs/migrations.md) and build again.");
        }

        var manifest = target.Manifest.Migrations;
        if (!manifest.SequenceEqual(target.History.Build))
        {
            yield return new Finding(CheckSeverity.Error, "this release", $"{target.History.Build.Count} migrations in the manifest", $"{manifest.Count}", "Renew the manifest (docs/verification.md) and build again.");
        }
    }
}
