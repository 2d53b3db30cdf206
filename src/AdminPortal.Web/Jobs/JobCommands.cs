using System.CommandLine;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Jobs;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Jobs;

/// <summary><c>portal jobs …</c>: what runs by schedule, and stopping it.</summary>
internal static class JobCommands
{
    public static Command Build() => new("jobs", "What the portal does by schedule.") { List(), Stop() };

    private static Command List() => OperationCommand.Create("list", "The jobs with their schedules (cron, UTC) and last runs.", [], async (services, _, token) =>
        ThingsAnswer.Listed("jobs", await services.Get<JobBoard>().ListAsync(Actor.CommandLine, token), Reported, [
            ("Job", j => j.Name), ("Schedule", j => j.Schedule), ("Last run (UTC)", j => ThingsAnswer.Time(Last(j)?.StartedAt)), ("Came to", j => Last(j)?.Outcome), ("Says", j => Last(j)?.Message)]));

    private static Command Stop()
    {
        var name = new Option<string>("--job") { Description = "The job's name, as 'portal jobs list' shows it.", Required = true, HelpName = "NAME" };
        return OperationCommand.Create("stop", "Asks a job that runs to stop, on whichever instance it does. What it did stays done.", [name], async (services, parsed, token) =>
        {
            var job = parsed.GetRequiredValue(name);
            return await services.Get<JobBoard>().StopAsync(Actor.CommandLine, job, token) is StopJobOutcome.Asked
                ? ThingsAnswer.Done($"{job} was asked to stop. It ends within some seconds.") : ThingsAnswer.Refused($"{job} does not run.");
        });
    }

    private static JobRunRow? Last(JobRow job) => job.Runs is [var last, ..] ? last : null;

    private static object Reported(JobRow job) => new { job.Name, job.Title, job.Schedule, Runs = job.Runs.Select(run => new { run.StartedAt, run.FinishedAt, run.Outcome, run.StartedBy, run.Instance, run.Message }) };
}
