namespace AdminPortal.Core.Verification.Checks;

/// <summary>Two columns or tables whose names differ in case only: one was made by hand without quotes, and one of the programs uses the wrong one.</summary>
internal sealed class CaseTwinsCheck : CatalogueCheck
{
    public override string Id => "case-twins";

    public override string Title => "No two names differ only in upper and lower case";

    public override string Expected => "One spelling of each name.";

    protected override IEnumerable<Finding> Look(CheckedTarget target)
    {
        foreach (var kind in (CatalogueKind[])[CatalogueKind.Table, CatalogueKind.Column])
        {
            foreach (var twins in target.Actual.Of(kind)
                .GroupBy(o => (o.Schema, o.Table, Name: o.Name.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant())).Where(g => g.Count() > 1))
            {
                var known = twins.Where(o => target.Expected.Find(o) is not null).ToList();
                if (known.Count == 0)
                {
                    continue; // two names of the host's: its own business
                }

                var others = twins.Except(known).ToList();
                yield return new Finding(
                    CheckSeverity.Error, known[0].Title, $"only {known[0].Name}", $"also {string.Join(", ", others.Select(o => o.Name))}",
                    $"PostgreSQL lower-cases names that are not quoted. Find out which rows {others.FirstOrDefault()?.Title} holds, copy what is missing into {known[0].Title}, then drop it.");
            }
        }
    }
}
