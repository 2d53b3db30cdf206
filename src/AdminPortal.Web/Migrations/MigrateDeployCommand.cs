using System.CommandLine;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Migrations;

/// <summary><c>portal migrate deploy --target NAME</c>: applies the migrations that a managed database lacks.</summary>
internal static class MigrateDeployCommand
{
    public static Command Build()
    {
        var target = new Option<string>("--target") { Description = "The name of the managed database, such as main.", Required = true, HelpName = "NAME" };
        var command = new Command("deploy", "Applies the missing migrations, one after the other. Take a backup first.") { target };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var databases = await CommandDatabases.OpenAsync(Console.Error, cancellationToken);
            await using var services = await CommandServices.CreateAsync(databases.Configuration, cancellationToken);
            await DeployAsync(services, parsed.GetRequiredValue(target), cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task DeployAsync(CommandServices services, string target, CancellationToken cancellationToken)
    {
        var known = services.Get<DeviceDatabases>();
        if (!known.Names.Contains(target, StringComparer.OrdinalIgnoreCase))
            throw new CommandFailedException($"There is no target '{target}'. Known: {string.Join(", ", known.Names)}.");

        switch (await TargetAvailability.CheckAsync(known, target, cancellationToken))
        {
            case TargetAvailability.Ready:
                await Console.Out.WriteLineAsync($"{target}: nothing to do, every migration is applied.");
                break;
            case TargetAvailability.Down down:
                throw new CommandFailedException($"{target}: {down.Reason}");
            case TargetAvailability.NotMigrated missing:
                await services.Get<ManagedDatabase>().MigrateAsync(target, cancellationToken);
                await Console.Out.WriteLineAsync($"{target}: applied {string.Join(", ", missing.Pending)}.");
                break;
        }
    }
}
