using System.CommandLine;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Backups;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Backups;

/// <summary><c>portal backup …</c> and <c>portal restore</c>: the same services as the pages, for pipelines and terminals.</summary>
internal static class BackupCommands
{
    public static Command Build() => new("backup", "Backups of the managed databases.") { Take(), List(), Prove(), Remove(), Decrypt() };

    public static Command BuildRestore()
    {
        var backup = new Option<string>("--backup") { Description = "The backup's id, as 'portal backup list' shows it.", Required = true, HelpName = "ID" };
        var into = new Option<string?>("--into") { Description = "A new database beside the target.", HelpName = "NEWDB" };
        var over = new Option<bool>("--over") { Description = "In the target's place; --confirm names it." };
        var confirm = new Option<string?>("--confirm") { Description = "The target's name, for --over.", HelpName = "TARGET" };
        var dropOld = new Option<bool>("--drop-old") { Description = "With --over: drop the database as it is now in the end, instead of keeping it under a dated name." };
        var acceptLosses = new Option<bool>("--accept-losses") { Description = "With --over: even if owners, grants and what only a superuser can make are not all kept; the run names each." };
        var command = OperationCommand.Create("restore", "Restores a backup into a new database, or in its target's place.", [backup, into, over, confirm, dropOld, acceptLosses, OperationCommand.Reason], async (services, parsed, token) =>
        {
            var id = parsed.GetRequiredValue(backup);
            var order = new RestoreOrder(parsed.GetValue(over) ? null : parsed.GetValue(into), parsed.GetValue(dropOld), parsed.GetValue(acceptLosses));
            return await BackupReports.RunAsync(
                services, await TargetOfAsync(services, id, token), id, acts => acts.RestoreAsync(Actor.CommandLine, id, order, parsed.GetValue(confirm), parsed.GetValue(OperationCommand.Reason), token), token);
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(over) == result.GetValue(into) is not null)
                result.AddError("Say where to: either --into NEWDB or --over --confirm TARGET.");
        });
        return command;
    }

    private static Command Take()
    {
        var target = OperationCommand.Target(required: true);
        return OperationCommand.Create("take", "Takes a backup now.", [target, OperationCommand.Reason], async (services, parsed, token) =>
        {
            var name = OperationCommand.Known(services, parsed.GetRequiredValue(target));
            return await BackupReports.RunAsync(services, name, backupId: null, acts => acts.TakeAsync(Actor.CommandLine, name, parsed.GetValue(OperationCommand.Reason), token), token);
        });
    }

    private static Command List()
    {
        var target = OperationCommand.Target(required: false);
        var all = new Option<bool>("--all") { Description = "Failed and removed ones too." };
        return OperationCommand.Create("list", "The backups that there are, newest first.", [target, all], async (services, parsed, token) =>
        {
            var only = parsed.GetValue(target) is { } named ? OperationCommand.Known(services, named) : null;
            var lists = await services.Get<BackupList>().ListAsync(Actor.CommandLine, parsed.GetValue(all), token);
            var backups = lists.Where(list => only is null || list.Target == only).SelectMany(list => list.Backups);
            return BackupReports.Of(only, backups);
        });
    }

    private static Command Prove()
    {
        var (id, target) = (Id(), OperationCommand.Target(required: false));
        return OperationCommand.Create("prove", "Restores a backup into a scratch database, compares the rows of every table, and drops it.", [id, target, OperationCommand.Reason], async (services, parsed, token) =>
        {
            var backup = parsed.GetValue(id) ?? await NewestAsync(services, parsed.GetValue(target), token);
            return await BackupReports.RunAsync(
                services, await TargetOfAsync(services, backup, token), backup, acts => acts.ProveAsync(Actor.CommandLine, backup, parsed.GetValue(OperationCommand.Reason), token), token);
        });
    }

    private static Command Remove()
    {
        var id = Id(required: true);
        return OperationCommand.Create("remove", "Removes a backup's file.", [id, OperationCommand.Reason], async (services, parsed, token) =>
        {
            var backup = parsed.GetRequiredValue(id)!;
            return await BackupReports.RunAsync(
                services, await TargetOfAsync(services, backup, token), backup, acts => acts.RemoveAsync(Actor.CommandLine, backup, parsed.GetValue(OperationCommand.Reason), token), token);
        });
    }

    /// <summary>Needs no database: it is for the day on which there is none.</summary>
    private static Command Decrypt()
    {
        var file = new Option<string>("--file") { Description = "The encrypted backup.", Required = true, HelpName = "FILE" };
        var key = new Option<string>("--key") { Description = "The file with its key.", Required = true, HelpName = "FILE" };
        var to = new Option<string>("--to") { Description = "The dump for pg_restore; must not be there yet.", Required = true, HelpName = "FILE" };
        var command = new Command("decrypt", "Makes an ordinary dump of an encrypted backup's file.") { file, key, to };
        command.SetAction(async (parsed, token) =>
            await BackupDecryption.RunAsync(parsed.GetRequiredValue(file), parsed.GetRequiredValue(key), parsed.GetRequiredValue(to), token) is { } problem
                ? throw new CommandFailedException(problem)
                : ExitCodes.Done);
        return command;
    }

    private static Option<string?> Id(bool required = false) => new("--id") { Description = "The backup's id; for prove, the target's newest one when left out.", Required = required, HelpName = "ID" };

    private static async Task<string> NewestAsync(CommandServices services, string? target, CancellationToken cancellationToken)
    {
        var name = OperationCommand.Known(services, target ?? throw new CommandFailedException("Say which backup: --id ID, or --target NAME for its newest one.", ExitCodes.Usage));
        var lists = await services.Get<BackupList>().ListAsync(Actor.CommandLine, all: false, cancellationToken);
        return lists.First(list => list.Target == name).Backups.FirstOrDefault(backup => backup.IsUsable)?.Id
            ?? throw new CommandFailedException($"There is no complete backup of {name}. Take one: portal backup take --target {name}");
    }

    private static async Task<string> TargetOfAsync(CommandServices services, string id, CancellationToken cancellationToken) =>
        (await services.Get<BackupList>().FindAsync(Actor.CommandLine, id, cancellationToken))?.Target
        ?? throw new CommandFailedException($"There is no backup '{id}'. 'portal backup list' shows those that there are.");
}
