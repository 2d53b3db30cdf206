namespace AdminPortal.Core.Verification.Checks;

/// <summary>A connection string that suddenly leads to another database.</summary>
internal sealed class IdentityCheck : CatalogueCheck
{
    public override string Id => "identity";

    public override string Title => "It is the database that the portal knows by this name";

    public override string Expected => "The database that was met first under this name.";

    protected override IEnumerable<Finding> Look(CheckedTarget target)
    {
        if (!target.IsKnown)
        {
            yield return new Finding(CheckSeverity.Error, target.Name, Expected, $"another one: {target.Identity.Key}",
                $"Correct Portal:Targets:{target.Name}:ConnectionString; or, if the database was moved or restored on purpose, an admin accepts it on the target's page.");
        }
    }
}
