using System.CommandLine;
using AdminPortal.Core.EmbeddedDatabase;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Accounts;
using AdminPortal.Web.Backups;
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
        var parsed = Build().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync($"portal: {error.Message}");
            await Console.Error.WriteLineAsync("portal: --help lists what there is.");
            return ExitCodes.Usage;
        }

        using var signals = new StopSignals();
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception failure) when (failure is CommandFailedException or EmbeddedDatabaseException or OptionsValidationException or AddressTakenException)
        {
            await Console.Error.WriteLineAsync($"portal: {failure.Message}");
            return (failure as CommandFailedException)?.ExitCode ?? ExitCodes.Failed;
        }
        catch (Exception outage) when (TargetAvailability.IsOutage(outage))
        {
            await Console.Error.WriteLineAsync($"portal: a database does not answer: {outage.Message}");
            return ExitCodes.Failed;
        }
        catch (Exception bug)
        {
            await Console.Error.WriteLineAsync($"portal: unexpected failure: {bug}");
            return ExitCodes.Failed;
        }
    }

    internal static RootCommand Build()
    {
        var root = new RootCommand("AdminPortal: pairs devices with people's accounts, and looks after the databases behind them.")
        {
            ServeCommand.Build(),
            new Command("accounts", "People who may sign in to the portal.") { CreateAccountCommand.Build() },
            ConnectionCommand.Build(),
            TargetsCommand.Build(),
            MigrateCommands.Build(),
            VerifyCommand.Build(),
            BackupCommands.Build(),
            BackupCommands.BuildRestore(),
            SimulateCommand.Build(),
        };
        var sample = new Command("sample", "Sample people and devices: what a first start puts in, or as many as you ask for.") { ClearSampleCommand.Build() };
        FillSampleCommand.AddTo(sample);
        root.Subcommands.Add(sample);
        root.HelpName = "portal";
        ServeCommand.AddTo(root);
        return root;
    }
}
