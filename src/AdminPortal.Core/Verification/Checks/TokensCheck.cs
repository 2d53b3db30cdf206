namespace AdminPortal.Core.Verification.Checks;

/// <summary>Tokens that are stored as they are: whoever reads the table or a backup can act as the device.</summary>
internal sealed class TokensCheck : RowsCheck
{
    public override string Id => "tokens";

    public override string Title => "Every sessionToken is stored as a hash";

    public override string Expected => "sha256: and 64 hex digits.";

    public override async Task<IReadOnlyList<Finding>> LookAsync(CheckedTarget target, CancellationToken cancellationToken)
    {
        if (!target.Has("public.device_pairings", "sessionToken"))
        {
            return [];
        }

        // The sample names the pairing: the token itself is what must not be shown.
        var (count, sample) = await CountAsync(target, """
            SELECT count(*), 'pairing ' || min(id::text) FROM public.device_pairings
            WHERE length("sessionToken") <> 71 OR left("sessionToken", 7) <> 'sha256:' OR translate(substr("sessionToken", 8), '0123456789abcdef', '') <> ''
            """, cancellationToken);
        return count == 0 ? [] : [new Finding(CheckSeverity.Error, "public.device_pairings.sessionToken", Expected, Text(count, "are not hashes", sample),
            "Adopt the database: it hashes them in batches. From then on the host must compare hashes; raw values are never accepted.")];
    }
}
