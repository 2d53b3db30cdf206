namespace AdminPortal.Core.Verification.Checks;

/// <summary>Two rows with one clientId: the unique index cannot be built, and a device would meet the wrong row.</summary>
internal sealed class DuplicateClientIdsCheck : RowsCheck
{
    public override string Id => "duplicate-client-ids";

    public override string Title => "No two tasks and no two focus sessions have the same clientId";

    public override string Expected => "Each clientId once in its table.";

    public override async Task<IReadOnlyList<Finding>> LookAsync(CheckedTarget target, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        foreach (var table in (string[])["tasks", "focus_sessions"])
        {
            if (!target.Has($"public.{table}", "clientId") || IsGuaranteed(target, table))
            {
                continue;
            }

            var (count, samples) = await CountAsync(target, $"""
                SELECT count(*), (array_agg("clientId"))[1] FROM (SELECT "clientId" FROM public.{table} WHERE "clientId" IS NOT NULL GROUP BY 1 HAVING count(*) > 1) d
                """, cancellationToken);
            if (count > 0)
            {
                findings.Add(new Finding(CheckSeverity.Error, $"public.{table}.clientId", "each value once", Text(count, "values more than once", samples),
                    "Decide on the page Duplicates which row keeps each value; then the unique index can be built."));
            }
        }

        return findings;
    }

    /// <summary>A valid unique index has looked already.</summary>
    private static bool IsGuaranteed(CheckedTarget target, string table) => target.Actual.OfTable($"public.{table}", CatalogueKind.Index)
        .Any(i => i.Fact("columns") == "\"clientId\"" && i.Fact("unique") != "not unique" && i.Fact("where") == "all rows" && InvalidIndexesCheck.IsValid(i));
}
