using System.CommandLine;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Sync;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Sync;

/// <summary><c>portal sync reset</c>: every device reads everything again.</summary>
internal static class SyncCommands
{
    public static Command Build()
    {
        var target = new Option<string?>("--target") { Description = "The managed database; default: the primary one.", HelpName = "NAME" };
        var reason = new Option<string?>("--reason") { Description = "For the record.", HelpName = "TEXT" };
        var reset = new Command("reset", "After a database was set back by something else than the portal: every device reads everything again, and sends what waits on it.") { target, reason };
        reset.SetAction(async (parsed, cancellationToken) =>
        {
            await using var databases = await CommandDatabases.OpenAsync(Console.Error, cancellationToken);
            await using var services = await CommandServices.CreateAsync(databases.Configuration, cancellationToken);
            if (await services.Get<SyncLineage>().ResetAsync(Actor.CommandLine, parsed.GetValue(target), parsed.GetValue(reason), cancellationToken) != SyncResetOutcome.Done)
                throw new CommandFailedException("There is no such target, or sync is off there. Nothing was changed.");
            await Console.Out.WriteLineAsync("Sync was reset. Every device reads everything again with its next call, and keeps what waits on it.");
            return ExitCodes.Done;
        });
        return new Command("sync", "The sync of devices that work offline.") { reset };
    }
}
