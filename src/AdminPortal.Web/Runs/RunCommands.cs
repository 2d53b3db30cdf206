using System.CommandLine;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Runs;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Runs;

/// <summary><c>portal runs …</c>: the long operations, what one of them did, and stopping it.</summary>
internal static class RunCommands
{
    public static Command Build() => new("runs", "Long operations: migrations, backups, many devices at once.") { List(), Show(), Stop() };

    private static Option<string> Id() => new("--run") { Description = "The run's id, as 'portal runs list' shows it.", Required = true, HelpName = "ID" };

    private static Command List() => OperationCommand.Create("list", "The latest runs, unfinished ones first.", [], async (services, _, token) =>
        ThingsAnswer.Listed("runs", await services.Get<OperationRuns>().ListAsync(Actor.CommandLine, token), Reported, [
            ("Run", r => r.Id), ("Title", r => r.Title), ("Target", r => r.Target), ("State", r => $"{r.State}"), ("Asked for (UTC)", r => ThingsAnswer.Time(r.CreatedAt)), ("By", r => r.ActorName ?? r.ActorId)]));

    private static Command Show()
    {
        var id = Id();
        return OperationCommand.Create("show", "A run with its steps.", [id], async (services, parsed, token) =>
        {
            var run = await FindAsync(services, parsed.GetRequiredValue(id), token);
            var steps = (await services.Get<RunJournals>().ReadAsync(Actor.CommandLine, run.Id, token)).Steps;
            return new CommandAnswer(ExitCodes.Done, new OperationReport(run.Target, $"{run.State}".ToLowerInvariant())
            {
                RunId = run.Id,
                Messages = run.Error is { } error ? [error] : [],
                Steps = [.. steps.Select(step => new ReportedStep(step.Title, $"{step.State}".ToLowerInvariant(), step.StartedAt, step.FinishedAt, step.Detail))],
            }, [$"{run.Title}: {run.State}", .. steps.Select(step => $"  {step.State,-8} {step.Title}{(step.Detail is { } detail ? $": {detail}" : "")}")]);
        });
    }

    private static Command Stop()
    {
        var id = Id();
        return OperationCommand.Create("stop", "Asks a run to end after the step that it is at. What it did stays done.", [id], async (services, parsed, token) =>
        {
            var run = parsed.GetRequiredValue(id);
            return await services.Get<OperationRuns>().StopAsync(Actor.CommandLine, run, token) switch
            {
                StopRunOutcome.Stopping or StopRunOutcome.AlreadyStopping => ThingsAnswer.Done($"{run} was asked to stop."),
                StopRunOutcome.AlreadyFinished => ThingsAnswer.Refused($"{run} has finished already."),
                _ => throw new CommandFailedException($"There is no run '{run}'. 'portal runs list' shows the latest."),
            };
        });
    }

    private static async Task<RunRow> FindAsync(CommandServices services, string id, CancellationToken cancellationToken) =>
        await services.Get<OperationRuns>().FindAsync(Actor.CommandLine, id, cancellationToken) ?? throw new CommandFailedException($"There is no run '{id}'. 'portal runs list' shows the latest.");

    private static object Reported(RunRow run) => new { run.Id, run.Kind, run.Title, run.Target, run.State, run.CreatedAt, run.StartedAt, run.FinishedAt, By = run.ActorName ?? run.ActorId, run.Total, run.Done, run.Skipped, run.Error };
}
