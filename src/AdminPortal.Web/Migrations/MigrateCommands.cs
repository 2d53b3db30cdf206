using System.CommandLine;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Hosts;
using AdminPortal.Core.Migrations;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Runs;

namespace AdminPortal.Web.Migrations;

/// <summary><c>portal migrate …</c>: the same services as the pages, for pipelines and terminals.</summary>
internal static class MigrateCommands
{
    public static Command Build() => new("migrate", "The schema of the managed databases.")
    {
        Verb("status", "What is applied and what is pending.", (services, target, _, token) => StatusAsync(services, target, token)),
        Verb("preview", "The exact SQL that is pending, what it does to this database, and what stands in its way.", (services, target, _, token) => PreviewAsync(services, target, token)),
        WithReason(Verb("approve", "Agrees to exactly what preview shows now.", ApproveAsync)),
        Deploy(),
        RollBack(),
        Adopt(),
        Resolve(),
    };

    private static Command Deploy()
    {
        var noBackup = new Option<bool>("--no-backup") { Description = "Go without a backup; --reason says why." };
        var approve = new Option<bool>("--approve") { Description = "Approve what is pending, too; else it must be approved already." };
        var command = WithReason(Verb("deploy", "Applies what is pending: gate, backup, migrations, verification.", async (services, target, parsed, token) =>
        {
            var (preview, status) = await services.Get<MigrationPreviews>().ReadAsync(target, token);
            if (preview is null)
            {
                return MigrationReports.NotReady(target, status);
            }

            if (parsed.GetValue(approve))
            {
                await services.Get<MigrationApprovals>().ApproveAsync(Actor.CommandLine, target, preview.ApprovalHash, Reason(parsed), token);
            }

            return await RunAsync(
                services, target,
                services.Get<MigrationRuns>().DeployAsync(Actor.CommandLine, target, preview.ApprovalHash, !parsed.GetValue(noBackup), Reason(parsed), token), token);
        }));
        command.Options.Add(noBackup);
        command.Options.Add(approve);
        return command;
    }

    private static Command RollBack()
    {
        var to = new Option<string>("--to") { Description = "The migration to keep as the newest; 0 takes back all.", Required = true, HelpName = "MIGRATION" };
        var noBackup = new Option<bool>("--no-backup") { Description = "Go without a backup." };
        var acceptLosses = new Option<bool>("--accept-losses") { Description = "Go on although rows or values are lost; without it they are listed, and nothing is done." };
        var command = WithReason(Verb("rollback", "Takes back what is newer than a migration, newest first; what the portal did not make stays.", async (services, target, parsed, token) =>
        {
            var name = parsed.GetRequiredValue(to);
            var id = name == "0" ? "" : (await services.Get<HostMappings>().SetAsync(target, token)).FindByName(name)?.Id
                ?? throw new CommandFailedException($"This build has no migration '{name}'. 'portal migrate status' lists them.", ExitCodes.Usage);
            return await RunAsync(
                services, target, services.Get<MigrationRuns>().RollBackAsync(Actor.CommandLine, target, id, !parsed.GetValue(noBackup), parsed.GetValue(acceptLosses), Reason(parsed), token), token);
        }));
        command.Options.Add(to);
        command.Options.Add(acceptLosses);
        command.Options.Add(noBackup);
        return command;
    }

    private static Command Adopt()
    {
        var noBackup = new Option<bool>("--no-backup") { Description = "Replace raw session tokens by their hashes without a backup; --reason says why." };
        var look = new Option<bool>("--look") { Description = "Only look: where the host could have its people, how they would appear, what would be added. With --json: the likeliest mapping, as --mapping takes it." };
        var sync = new Option<bool>("--sync") { Description = "With --look --json: propose also the tables that devices could work on offline." };
        var mapping = new Option<FileInfo>("--mapping") { Description = "Record where the host has its people, from a file as --look --json prints it. A deployment then makes what is missing.", HelpName = "FILE" };
        var command = WithReason(Verb("adopt", "Takes over a database that Prisma or a person made: says where its people are, or records what is there as applied.", async (services, target, parsed, token) =>
            parsed.GetValue(look) ? HostReports.Of(await (parsed.GetValue(mapping) is { } file
                    ? services.Get<HostLooks>().LookAsync(Actor.CommandLine, target, await HostReports.ReadAsync(file, token), token)
                    : services.Get<HostLooks>().LookAsync(Actor.CommandLine, target, token)), parsed.GetValue(sync))
                : parsed.GetValue(mapping) is { } chosen
                    ? HostReports.Of(target, await services.Get<HostMappings>().RecordAsync(Actor.CommandLine, target, await HostReports.ReadAsync(chosen, token), token))
                    : await RunAsync(services, target, services.Get<MigrationRuns>().AdoptAsync(Actor.CommandLine, target, !parsed.GetValue(noBackup), Reason(parsed), token), token)));
        command.Options.Add(look);
        command.Options.Add(sync);
        command.Options.Add(mapping);
        command.Options.Add(noBackup);
        return command;
    }

    private static Command Resolve()
    {
        var migration = new Option<string>("--migration") { Description = "The migration that is partially applied, or whose line in the history is wrong.", Required = true, HelpName = "MIGRATION" };
        var cleanUp = new Option<bool>("--clean-up") { Description = "Take the parts of it away first, when the portal itself began it here and no row is lost by that." };
        var command = WithReason(Verb("resolve", "Compares the catalogue with a migration and sets the history to what is proven.", async (services, target, parsed, token) =>
        {
            var name = parsed.GetRequiredValue(migration);
            var id = (await services.Get<HostMappings>().SetAsync(target, token)).FindByName(name)?.Id ?? throw new CommandFailedException($"This build has no migration '{name}'.", ExitCodes.Usage);
            var resolution = services.Get<MigrationResolution>();
            return MigrationReports.Of(target, await (parsed.GetValue(cleanUp)
                ? resolution.CleanUpAsync(Actor.CommandLine, target, id, Reason(parsed), token)
                : resolution.ResolveAsync(Actor.CommandLine, target, id, Reason(parsed), token)));
        }));
        command.Options.Add(migration);
        command.Options.Add(cleanUp);
        return command;
    }

    private static async Task<CommandAnswer> StatusAsync(CommandServices services, string target, CancellationToken cancellationToken)
    {
        var status = await services.Get<MigrationStatuses>().ReadAsync(target, cancellationToken);
        return status is MigrationStatus.Known known ? MigrationReports.Of(known) : MigrationReports.NotReady(target, status);
    }

    private static async Task<CommandAnswer> PreviewAsync(CommandServices services, string target, CancellationToken cancellationToken)
    {
        var (preview, status) = await services.Get<MigrationPreviews>().ReadAsync(target, cancellationToken);
        return preview is null ? MigrationReports.NotReady(target, status) : MigrationReports.Of(preview);
    }

    private static async Task<CommandAnswer> ApproveAsync(CommandServices services, string target, ParseResult parsed, CancellationToken cancellationToken)
    {
        var (preview, status) = await services.Get<MigrationPreviews>().ReadAsync(target, cancellationToken);
        return preview is null
            ? MigrationReports.NotReady(target, status)
            : MigrationReports.Of(target, await services.Get<MigrationApprovals>().ApproveAsync(Actor.CommandLine, target, preview.ApprovalHash, Reason(parsed), cancellationToken));
    }

    /// <summary>Works on what was started, here, to its end.</summary>
    private static async Task<CommandAnswer> RunAsync(CommandServices services, string target, Task<MigrationOutcome> starting, CancellationToken cancellationToken)
    {
        var outcome = await starting;
        if (outcome is not MigrationOutcome.Started started)
        {
            return MigrationReports.Of(target, outcome);
        }

        var (run, journal) = await RunConsole.WorkAsync(services, started.RunId, cancellationToken);
        return MigrationReports.Of(run, journal, await services.Get<MigrationStatuses>().ReadAsync(target, CancellationToken.None));
    }

    private static string? Reason(ParseResult parsed) => parsed.GetValue(OperationCommand.Reason);

    private static Command WithReason(Command command)
    {
        command.Options.Add(OperationCommand.Reason);
        return command;
    }

    private static Command Verb(string name, string description, Func<CommandServices, string, ParseResult, CancellationToken, Task<CommandAnswer>> act)
    {
        var target = OperationCommand.Target();
        return OperationCommand.Create(name, description, [target], (services, parsed, cancellationToken) =>
            act(services, OperationCommand.Known(services, parsed.GetRequiredValue(target)), parsed, cancellationToken));
    }
}
