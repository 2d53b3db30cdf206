using System.CommandLine;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Backups;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Backups;

/// <summary><c>portal backup …</c> and <c>portal restore</c>: the same services as the pages, for pipelines and terminals.</summary>
internal static class BackupCommands
{
    private static readonly Option<string?> ReasonOption = new("--reason") { Description = "Why; goes on record.", HelpName = "TEXT" };

    public static Command Build() => new("backup", "Backups of the managed databases.") { Take(), List(), Prove(), Remove() };

    public static Command BuildRestore()
    {
        var backup = new Option<string>("--backup") { Description = "The backup's id, as 'portal backup list' shows it.", Required = true, HelpName = "ID" };
        var into = new Option<string?>("--into") { Description = "A new database beside the target.", HelpName = "NEWDB" };
        var over = new Option<bool>("--over") { Description = "In the target's place; --confirm names it." };
        var confirm = new Option<string?>("--confirm") { Description = "The target's name, for --over.", HelpName = "TARGET" };
        var dropOld = new Option<bool>("--drop-old") { Description = "With --over: drop the database as it is now in the end, instead of keeping it under a dated name." };
        var command = Verb("restore", "Restores a backup into a new database, or in its target's place.", [backup, into, over, confirm, dropOld, ReasonOption], async (services, parsed, token) =>
        {
            var id = parsed.GetRequiredValue(backup);
            var order = new RestoreOrder(parsed.GetValue(over) ? null : parsed.GetValue(into), parsed.GetValue(dropOld));
            return await BackupConsole.RunAsync(
                services, await TargetOfAsync(services, id, token), id, acts => acts.RestoreAsync(Actor.CommandLine, id, order, parsed.GetValue(confirm), parsed.GetValue(ReasonOption), token), token);
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
        var target = Target(required: true);
        return Verb("take", "Takes a backup now.", [target, ReasonOption], async (services, parsed, token) =>
        {
            var name = Known(services, parsed.GetRequiredValue(target));
            return await BackupConsole.RunAsync(services, name, backupId: null, acts => acts.TakeAsync(Actor.CommandLine, name, parsed.GetValue(ReasonOption), token), token);
        });
    }

    private static Command List()
    {
        var target = Target(required: false);
        var all = new Option<bool>("--all") { Description = "Failed and removed ones too." };
        return Verb("list", "The backups that there are, newest first.", [target, all], async (services, parsed, token) =>
        {
            var only = parsed.GetValue(target) is { } named ? Known(services, named) : null;
            var lists = await services.Get<BackupList>().ListAsync(Actor.CommandLine, parsed.GetValue(all), token);
            var backups = lists.Where(list => only is null || list.Target == only).SelectMany(list => list.Backups).ToList();
            return new BackupReport(only, "done") { Backups = [.. backups.Select(BackupReport.Facts)] };
        });
    }

    private static Command Prove()
    {
        var (id, target) = (Id(), Target(required: false));
        return Verb("prove", "Restores a backup into a scratch database, compares the rows of every table, and drops it.", [id, target, ReasonOption], async (services, parsed, token) =>
        {
            var backup = parsed.GetValue(id) ?? await NewestAsync(services, parsed.GetValue(target), token);
            return await BackupConsole.RunAsync(
                services, await TargetOfAsync(services, backup, token), backup, acts => acts.ProveAsync(Actor.CommandLine, backup, parsed.GetValue(ReasonOption), token), token);
        });
    }

    private static Command Remove()
    {
        var id = Id(required: true);
        return Verb("remove", "Removes a backup's file.", [id, ReasonOption], async (services, parsed, token) =>
        {
            var backup = parsed.GetRequiredValue(id)!;
            return await BackupConsole.RunAsync(
                services, await TargetOfAsync(services, backup, token), backup, acts => acts.RemoveAsync(Actor.CommandLine, backup, parsed.GetValue(ReasonOption), token), token);
        });
    }

    private static Option<string> Target(bool required) => new("--target") { Description = "The name of the managed database, such as main.", Required = required, HelpName = "NAME" };

    private static Option<string?> Id(bool required = false) => new("--id") { Description = "The backup's id; for prove, the target's newest one when left out.", Required = required, HelpName = "ID" };

    private static string Known(CommandServices services, string target)
    {
        var access = services.Get<TargetAccess>();
        return access.Find(target) ?? throw new CommandFailedException($"There is no target '{target}'. Known: {string.Join(", ", access.Names)}.");
    }

    private static async Task<string> NewestAsync(CommandServices services, string? target, CancellationToken cancellationToken)
    {
        var name = Known(services, target ?? throw new CommandFailedException("Say which backup: --id ID, or --target NAME for its newest one."));
        var lists = await services.Get<BackupList>().ListAsync(Actor.CommandLine, all: false, cancellationToken);
        return lists.First(list => list.Target == name).Backups.FirstOrDefault(backup => backup.IsUsable)?.Id
            ?? throw new CommandFailedException($"There is no complete backup of {name}. Take one: portal backup take --target {name}");
    }

    private static async Task<string> TargetOfAsync(CommandServices services, string id, CancellationToken cancellationToken) =>
        (await services.Get<BackupList>().FindAsync(Actor.CommandLine, id, cancellationToken))?.Target
        ?? throw new CommandFailedException($"There is no backup '{id}'. 'portal backup list' shows those that there are.");

    private static Command Verb(string name, string description, Option[] options, Func<CommandServices, ParseResult, CancellationToken, Task<BackupReport>> act)
    {
        var json = new Option<bool>("--json") { Description = "Write one JSON object to standard output." };
        var command = new Command(name, description);
        foreach (var option in options.Append(json))
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var databases = await CommandDatabases.OpenAsync(Console.Error, cancellationToken);
            await using var services = await CommandServices.CreateAsync(databases.Configuration, cancellationToken);
            return await BackupConsole.WriteAsync(await act(services, parsed, cancellationToken), parsed.GetValue(json));
        });
        return command;
    }
}
