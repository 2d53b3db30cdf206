namespace AdminPortal.Core.Verification.Checks;

/// <summary>Room: rows much larger than the guides estimate, and tables full of dead rows.</summary>
internal sealed class SizesCheck : VerificationCheck
{
    private const long Few = 10_000;

    public override string Id => "sizes";

    public override string Title => "Tables are as large as the guides estimate";

    public override string Expected => "200–300 bytes a pairing, 100–150 bytes a permission, under 30 % dead rows.";

    public override CheckSeverity Severity => CheckSeverity.Info;

    public override async Task<IReadOnlyList<Finding>> LookAsync(CheckedTarget target, CancellationToken cancellationToken)
    {
        var sizes = await SizeReader.ReadAsync(target.Connection, cancellationToken);
        target.Sizes = sizes;
        var findings = new List<Finding>();
        foreach (var table in sizes.Tables.Where(t => t.Rows >= Few))
        {
            if (table.Estimate is { } estimate && table.BytesPerRow is { } bytes && bytes > estimate.To * 1.5)
            {
                findings.Add(new Finding(CheckSeverity.Info, table.Table, $"{estimate.From}–{estimate.To} bytes a row", $"{bytes:0} bytes a row", "Long names or user agents, or room that a vacuum would free. Nothing is wrong."));
            }

            if (table.DeadShare > 0.3)
            {
                findings.Add(new Finding(CheckSeverity.Info, table.Table, "under 30 % dead rows", $"{table.DeadShare:P0} dead rows", $"VACUUM (ANALYZE) {table.Table}; if it comes back, look for a transaction that stays open."));
            }
        }

        return findings;
    }
}
