using AdminPortal.Core.Hosts;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Migrations;

/// <summary>Turns what a look at a host found into the answer of a verb.</summary>
internal static class HostReports
{
    /// <param name="withSync">The mapping is proposed with the tables that devices could work on offline.</param>
    public static CommandAnswer Of(HostLook look, bool withSync)
    {
        if (look.Obstacle is { } obstacle)
        {
            return new(ExitCodes.Refused, new OperationReport(look.Target, "refused") { Messages = [obstacle] }, []);
        }

        if (look.Candidates.Count == 0)
        {
            return new(ExitCodes.Refused, new OperationReport(look.Target, "nothing-found") { Messages = ["No table with e-mail addresses was found. Write the mapping by hand: docs/hosts.md has the keys."] }, []);
        }

        var best = look.Candidates[0];
        return new(best.Problems.Count == 0 ? ExitCodes.Done : ExitCodes.Refused, new OperationReport(look.Target, best.Problems.Count == 0 ? "fits" : "does-not-fit") { Messages = best.Problems }, [.. look.Candidates.SelectMany(Lines)])
        {
            Json = (withSync && best.Mapping.Entities.Count == 0 ? best.Mapping with { Sync = best.Syncable } : best.Mapping).ToJson(),
        };
    }

    public static CommandAnswer Of(string target, MappingOutcome outcome) => outcome is MappingOutcome.Refused refused
        ? new(ExitCodes.Refused, new OperationReport(target, "refused") { Messages = refused.Reasons }, [])
        : new(ExitCodes.Done, new OperationReport(target, "recorded"), ["Recorded. Nothing was changed on the database: 'portal migrate preview' shows what a deployment adds."]);

    public static async Task<PeopleMapping> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        if (!file.Exists)
        {
            throw new CommandFailedException($"There is no file {file.FullName}.", ExitCodes.Usage);
        }

        var (mapping, problem) = PeopleMapping.Parse(await File.ReadAllTextAsync(file.FullName, cancellationToken));
        return mapping ?? throw new CommandFailedException(problem!, ExitCodes.Usage);
    }

    private static IEnumerable<string> Lines(HostCandidate candidate) =>
    [
        $"{candidate.Mapping.Title}: {string.Join(", ", candidate.Reasons)}.",
        candidate.Mapping.ToJson(),
        .. candidate.Problems.Select(problem => $"  Does not fit, because {problem}"),
        .. candidate.People.Select(person => $"  {person.Id}  {person.Email}  {person.Name}"),
        .. candidate.Additions.Select(addition => $"  + {addition}"),
        .. candidate.Mapping.Entities.Count > 0 ? [] : candidate.Syncable.Select(entity => $"  Devices could work offline on {entity.Title} ({entity.Name}): --look --json --sync proposes it."),
        "",
    ];
}
