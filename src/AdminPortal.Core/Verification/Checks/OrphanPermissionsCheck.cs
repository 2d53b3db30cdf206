namespace AdminPortal.Core.Verification.Checks;

/// <summary>Permissions whose pairing is gone: a device that is paired anew under that id would hold them.</summary>
internal sealed class OrphanPermissionsCheck : RowsCheck
{
    public override string Id => "orphan-permissions";

    public override string Title => "Every permission belongs to a pairing";

    public override string Expected => "No permission of a missing pairing.";

    public override async Task<IReadOnlyList<Finding>> LookAsync(CheckedTarget target, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        foreach (var key in target.Expected.OfTable("public.device_permissions", CatalogueKind.ForeignKey))
        {
            if (await OrphansCheck.LookAsync(target, key, cancellationToken) is { } finding)
            {
                findings.Add(finding);
            }
        }

        return findings;
    }
}
