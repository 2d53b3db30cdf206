using System.CommandLine;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Verification;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Verification;

/// <summary>
/// <c>portal verify --target NAME [--data] [--json]</c>: verifies a managed database as a run that the pages show too. Exit codes:
/// 0 passed · 1 failed · 2 the command line is wrong, or there is no such target · 3 refused, since a verification runs already.
/// </summary>
internal static class VerifyCommand
{
    private const int Passed = 0;
    private const int Failed = 1;
    private const int WrongUsage = 2;
    private const int Refused = 3;

    public static Command Build()
    {
        var target = new Option<string>("--target") { Description = "The name of the managed database, such as main.", Required = true, HelpName = "NAME" };
        var data = new Option<bool>("--data") { Description = "Also the checks that read whole tables: duplicates, orphans, tokens, permissions." };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object on standard output, and nothing else there." };
        var command = new Command("verify", "Checks a managed database against this release. Exit codes: 0 passed, 1 failed, 2 usage, 3 refused.") { target, data, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var databases = await CommandDatabases.OpenAsync(Console.Error, cancellationToken);
            await using var services = await CommandServices.CreateAsync(databases.Configuration, cancellationToken);
            return await VerifyAsync(services, parsed.GetRequiredValue(target), parsed.GetValue(data), parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> VerifyAsync(CommandServices services, string target, bool data, bool json, CancellationToken cancellationToken)
    {
        var access = services.Get<TargetAccess>();
        if (access.Find(target) is not { } name)
        {
            await Console.Error.WriteLineAsync($"portal: there is no target '{target}'. Known: {string.Join(", ", access.Names)}.");
            return WrongUsage;
        }

        switch (await services.Get<VerificationRuns>().StartAsync(Actor.CommandLine, name, data ? VerificationScope.Everything : VerificationScope.CatalogueOnly, cancellationToken))
        {
            case VerificationOutcome.Started started:
                return await FollowAsync(services, name, started.RunId, json, cancellationToken);
            case VerificationOutcome.Busy busy:
                await Console.Error.WriteLineAsync($"portal: {name} is being verified already (run {busy.RunId}). Wait for its end, then try again.");
                return Refused;
            default:
                await Console.Error.WriteLineAsync("portal: this role may not verify targets.");
                return Refused;
        }
    }

    private static async Task<int> FollowAsync(CommandServices services, string target, string runId, bool json, CancellationToken cancellationToken)
    {
        var work = services.Get<RunHere>().WorkAsync(runId, cancellationToken);
        if (!Console.IsErrorRedirected)
        {
            await ShowProgressAsync(services, runId, work);
        }

        await work;
        cancellationToken.ThrowIfCancellationRequested();
        if (await services.Get<Verifications>().OfRunAsync(runId, CancellationToken.None) is not { } result)
        {
            throw new CommandFailedException($"The verification of {target} did not come to its end. /runs/{runId} in the portal says why.");
        }

        await Console.Out.WriteAsync(json ? VerifyJson.Write(result) : VerifyText.Write(result));
        return result.Passed ? Passed : Failed;
    }

    /// <summary>On a terminal only: one line that is written over.</summary>
    private static async Task ShowProgressAsync(CommandServices services, string runId, Task work)
    {
        var runs = services.Get<OperationRuns>();
        while (await Task.WhenAny(work, Task.Delay(TimeSpan.FromMilliseconds(250), CancellationToken.None)) != work)
        {
            if (await runs.FindAsync(Actor.CommandLine, runId, CancellationToken.None) is { Total: { } total } run)
            {
                await Console.Error.WriteAsync($"\r{run.Done} of {total} checks ");
            }
        }

        await Console.Error.WriteAsync("\r                    \r");
    }
}
