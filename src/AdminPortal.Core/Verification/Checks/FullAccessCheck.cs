namespace AdminPortal.Core.Verification.Checks;

/// <summary>FULL_ACCESS beside other permissions: taking one of the others away changes nothing, though it looks so.</summary>
internal sealed class FullAccessCheck : RowsCheck
{
    public override string Id => "full-access";

    public override string Title => "No device holds FULL_ACCESS together with other permissions";

    public override string Expected => "FULL_ACCESS alone.";

    public override CheckSeverity Severity => CheckSeverity.Warning;

    public override async Task<IReadOnlyList<Finding>> LookAsync(CheckedTarget target, CancellationToken cancellationToken)
    {
        if (!target.Has("public.device_permissions", "devicePairingId", "permission"))
        {
            return [];
        }

        // Compared as text: in a hand-made table the column may be text.
        var (count, sample) = await CountAsync(target, """
            SELECT count(DISTINCT f."devicePairingId"), 'pairing ' || min(f."devicePairingId") FROM public.device_permissions f
            JOIN public.device_permissions o ON o."devicePairingId" = f."devicePairingId" AND o.permission::text <> 'FULL_ACCESS' WHERE f.permission::text = 'FULL_ACCESS'
            """, cancellationToken);
        return count == 0 ? [] : [new Finding(CheckSeverity.Warning, "public.device_permissions", "none", Text(count, "devices hold it with others", sample),
            "FULL_ACCESS implies the rest: take either it or the others away, so that the list says what holds.")];
    }
}
