namespace AdminPortal.Core.Verification.Checks;

/// <summary>Rows that point at nothing, where no validated foreign key rules that out.</summary>
internal sealed class OrphansCheck : RowsCheck
{
    public override string Id => "orphans";

    public override string Title => "No row points at a row that does not exist";

    public override string Expected => "Every reference leads somewhere.";

    public override async Task<IReadOnlyList<Finding>> LookAsync(CheckedTarget target, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        foreach (var key in target.Expected.Of(CatalogueKind.ForeignKey).Where(k => k.Table != "device_permissions" && k.Uses.Count == 1))
        {
            if (await LookAsync(target, key, cancellationToken) is { } finding)
            {
                findings.Add(finding);
            }
        }

        return findings;
    }

    /// <summary>Null when there is none, or there can be none.</summary>
    internal static async Task<Finding?> LookAsync(CheckedTarget target, CatalogueObject key, CancellationToken cancellationToken)
    {
        if (target.LosesItsGround(key) || IsGuaranteed(target, key))
        {
            return null;
        }

        var (column, theirs) = (SafeFix.Quote(key.Uses[0]), SafeFix.Quote(key.Detail("targetColumns")!));
        var (table, parent) = (SafeFix.Quote(key.Schema, key.Table), SafeFix.Quote(key.Detail("target")!.Split('.')));
        var (count, samples) = await CountAsync(target, $"""
            SELECT count(*), min(c.{column}::text) FROM {table} c WHERE c.{column} IS NOT NULL AND NOT EXISTS (SELECT FROM {parent} p WHERE p.{theirs} = c.{column})
            """, cancellationToken);
        return count == 0 ? null : new Finding(CheckSeverity.Error, $"{key.TableTitle}.{key.Uses[0]}", $"a row of {key.Detail("target")}", Text(count, "rows lead nowhere", samples),
            $"Delete them or restore what they point at; then add or validate {key.Name}, which keeps it so.");
    }

    private static bool IsGuaranteed(CheckedTarget target, CatalogueObject key) => target.Actual.OfTable(key.TableTitle, CatalogueKind.ForeignKey)
        .Any(k => k.Fact("columns") == key.Fact("columns") && k.Fact("references") == key.Fact("references") && k.Detail("validated") == "yes");
}
