using System.CommandLine;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Verification;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Verification;

/// <summary><c>portal verify --target NAME [--data] [--json]</c>: verifies a managed database as a run that the pages show too.</summary>
internal static class VerifyCommand
{
    public static Command Build()
    {
        var target = OperationCommand.Target();
        var data = new Option<bool>("--data") { Description = "Also the checks that read whole tables: duplicates, orphans, tokens, permissions." };
        return OperationCommand.Create("verify", "Checks a managed database against this release. Exit codes: 0 passed, 1 failed, 2 usage, 3 refused.", [target, data], (services, parsed, token) =>
            VerifyAsync(services, OperationCommand.Known(services, parsed.GetRequiredValue(target)), parsed.GetValue(data) ? VerificationScope.Everything : VerificationScope.CatalogueOnly, token));
    }

    private static async Task<CommandAnswer> VerifyAsync(CommandServices services, string target, VerificationScope scope, CancellationToken cancellationToken) =>
        await services.Get<VerificationRuns>().StartAsync(Actor.CommandLine, target, scope, cancellationToken) switch
        {
            VerificationOutcome.Started started => await FollowAsync(services, target, started.RunId, cancellationToken),
            VerificationOutcome.Busy busy => new(
                ExitCodes.Refused,
                new OperationReport(target, "refused") { RunId = busy.RunId, Messages = ["Another operation works on it; it is listed under /runs. Wait for its end, then try again."] }, []),
            _ => throw new InvalidOperationException("Not an outcome that an admin meets."),
        };

    private static async Task<CommandAnswer> FollowAsync(CommandServices services, string target, string runId, CancellationToken cancellationToken)
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
            throw new CommandFailedException($"The verification of {target} did not finish. /runs/{runId} in the portal says why.");
        }

        return new(
            result.Passed ? ExitCodes.Done : ExitCodes.Failed, new OperationReport(target, result.Passed ? "passed" : "failed") { RunId = runId }, [VerifyText.Write(result).TrimEnd()])
        {
            Json = VerifyJson.Write(result).TrimEnd(),
        };
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
