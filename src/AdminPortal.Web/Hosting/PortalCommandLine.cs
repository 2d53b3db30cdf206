using System.CommandLine;
using System.Globalization;
using AdminPortal.Core.EmbeddedDatabase;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Accounts;
using AdminPortal.Web.Backups;
using AdminPortal.Web.Mail;
using AdminPortal.Web.Migrations;
using AdminPortal.Web.SampleData;
using AdminPortal.Web.Sync;
using AdminPortal.Web.Targets;
using AdminPortal.Web.Verification;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Hosting;

/// <summary>The program's command line: <c>serve</c>, which needs no verb, and what an operator does without a browser.</summary>
/// <remarks>What it returns: <see cref="ExitCodes"/>. A failure is one clear line on standard error.</remarks>
internal static class PortalCommandLine
{
    public static async Task<int> InvokeAsync(string[] args)
    {
        // A number reads the same on every server, whatever language that is set to.
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (CultureInfo.InvariantCulture, CultureInfo.InvariantCulture);
        (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture) = (CultureInfo.InvariantCulture, CultureInfo.InvariantCulture);
        var asJson = args.Contains("--json", StringComparer.Ordinal);
        using var signals = new StopSignals();
        try
        {
            var parsed = Build().Parse(args);
            return parsed.Errors.Count > 0
                ? await CommandFailure.TellAsync(ExitCodes.Usage, [.. parsed.Errors.Select(error => error.Message), "--help lists what there is."], asJson)
                : await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return asJson ? await CommandFailure.TellAsync(ExitCodes.Interrupted, ["It was stopped."], asJson) : ExitCodes.Interrupted;
        }
        catch (Exception failure) when (failure is CommandFailedException or EmbeddedDatabaseException or OptionsValidationException or AddressTakenException)
        {
            return await CommandFailure.TellAsync((failure as CommandFailedException)?.ExitCode ?? ExitCodes.Failed, [failure.Message], asJson);
        }
        catch (Exception outage) when (TargetAvailability.IsOutage(outage))
        {
            return await CommandFailure.TellAsync(ExitCodes.Failed, [$"a database does not answer: {outage.Message}"], asJson);
        }
        catch (Exception behind) when (TargetAvailability.LacksSchema(behind))
        {
            await Console.Error.WriteLineAsync($"portal: a database lacks what this needs: {behind.Message}. See “portal migrate status” whether it is at this release.");
            return ExitCodes.Failed;
        }
        catch (Exception bug)
        {
            return await CommandFailure.TellAsync(
                ExitCodes.Failed, [$"unexpected failure: {bug.GetType().Name}: {bug.Message} {await CommandFailure.KeepAsync(bug)}"], asJson);
        }
    }

    internal static RootCommand Build()
    {
        var root = new RootCommand("AdminPortal: pairs devices with people's accounts, and looks after the databases behind them.")
        {
            ServeCommand.Build(),
            new Command("accounts", "People who may sign in to the portal.") { CreateAccountCommand.Build(), UnlockAccountCommand.Build(), LinkAccountCommand.Build() },
            PsqlCommand.Build(),
            ConnectionCommand.Build(),
            TargetsCommand.Build(),
            MigrateCommands.Build(),
            VerifyCommand.Build(),
            BackupCommands.Build(),
            BackupCommands.BuildRestore(),
            SimulateCommand.Build(),
            SyncCommands.Build(),
            MailCommand.Build(),
        };
        var sample = new Command("sample", "Sample people and devices: what a first start puts in, or as many as you ask for.") { ClearSampleCommand.Build() };
        FillSampleCommand.AddTo(sample);
        root.Subcommands.Add(sample);
        root.HelpName = "portal";
        ServeCommand.AddTo(root);
        return root;
    }
}
