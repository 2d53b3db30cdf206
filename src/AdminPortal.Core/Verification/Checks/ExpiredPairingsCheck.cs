namespace AdminPortal.Core.Verification.Checks;

/// <summary>Pairings that are past their expiry and still marked active: harmless here, but not for a reader that looks at isActive alone.</summary>
internal sealed class ExpiredPairingsCheck : RowsCheck
{
    public override string Id => "expired-pairings";

    public override string Title => "No pairing is marked active past its expiry";

    public override string Expected => "Active pairings end in the future.";

    public override CheckSeverity Severity => CheckSeverity.Warning;

    public override async Task<IReadOnlyList<Finding>> LookAsync(CheckedTarget target, CancellationToken cancellationToken)
    {
        if (!target.Has("public.device_pairings", "isActive", "expiresAt"))
        {
            return [];
        }

        var (count, oldest) = await CountAsync(target, """
            SELECT count(*), 'one that ended on ' || to_char(min("expiresAt"), 'YYYY-MM-DD') FROM public.device_pairings WHERE "isActive" AND "expiresAt" < now() AT TIME ZONE 'utc'
            """, cancellationToken);
        return count == 0 ? [] : [new Finding(CheckSeverity.Warning, "public.device_pairings", "none", Text(count, "active past their expiry", oldest),
            "The portal refuses them by itself. If another program reads isActive alone, end them on the page Devices (filter Expired).")];
    }
}
