using AdminPortal.Core.Hosts;
using AdminPortal.Core.Migrations;

namespace AdminPortal.Core.Verification.Checks;

/// <summary>What the mapping of a host made is there as it was made, and the host still has the columns that it names.</summary>
internal sealed class MappingCheck : VerificationCheck
{
    public override string Id => "mapping";

    public override string Title => "People are read as the mapping of this host says";

    public override string Expected => "The view, the keys or triggers and the indexes of the mapping, and its columns on the host's table.";

    public override async Task<IReadOnlyList<Finding>> LookAsync(CheckedTarget target, CancellationToken cancellationToken)
    {
        if (target.Set.People is not { } people)
        {
            return [];
        }

        var catalogue = await CatalogueLines.ReadAsync(target.Connection, cancellationToken);
        var steps = await MigrationSteps.ReadAsync(target.Connection, target.Set.Effects, cancellationToken);
        List<Finding> findings =
        [
            .. target.History.Applied.Where(steps.ContainsKey).SelectMany(id => steps[id].Made).Where(line => line.Contains($"[{PeopleSql.Mark}", StringComparison.Ordinal) && !catalogue.Contains(line))
                .Select(line => new Finding(CheckSeverity.Error, CatalogueLine.Parse(line).Name, $"a {CatalogueLine.Parse(line).Kind} as the portal made it", "missing, or another", "Roll its migration back and apply it again; the preview has its SQL.")),
        ];
        var (now, problems) = await HostCatalogue.ReadAsync(target.Connection, people.Mapping, cancellationToken);
        findings.AddRange(problems.Select(problem => new Finding(
            CheckSeverity.Error, people.Mapping.Title, "as the mapping says", problem, "Was a column renamed? The view goes on with it, but the mapping is wrong: roll back, record the mapping with the new names, deploy.")));
        if (now is not null && now.ToJson() != people.ToJson())
        {
            findings.Add(new Finding(CheckSeverity.Warning, people.Mapping.Title, "the types of columns that were recorded", "others", "Record the mapping again with the next roll-back."));
        }

        return findings;
    }
}
