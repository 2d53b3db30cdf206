using System.CommandLine;
using AdminPortal.Core.Targets;

namespace AdminPortal.Web.Hosting;

/// <summary>What all verbs about targets have in common: the portal's services, <c>--json</c>, and one answer.</summary>
internal static class OperationCommand
{
    /// <summary>Why; goes on record.</summary>
    public static Option<string?> Reason { get; } = new("--reason") { Description = "Why; goes on record.", HelpName = "TEXT" };

    public static Option<string> Target(bool required = true) => new("--target") { Description = "The name of the managed database, such as main.", Required = required, HelpName = "NAME" };

    public static Command Create(string name, string description, Option[] options, Func<CommandServices, ParseResult, CancellationToken, Task<CommandAnswer>> act)
    {
        var json = new Option<bool>("--json") { Description = "Write one JSON object to standard output, and nothing else there." };
        var command = new Command(name, description);
        foreach (var option in options.Append(json))
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var databases = await CommandDatabases.OpenAsync(Console.Error, cancellationToken);
            await using var services = await CommandServices.CreateAsync(databases.Configuration, cancellationToken);
            return await (await act(services, parsed, cancellationToken)).WriteAsync(parsed.GetValue(json));
        });
        return command;
    }

    /// <summary>The name as it is configured.</summary>
    /// <exception cref="CommandFailedException">There is no such target: wrong usage.</exception>
    public static string Known(CommandServices services, string target)
    {
        var access = services.Get<TargetAccess>();
        return access.Find(target) ?? throw new CommandFailedException($"There is no target '{target}'. Known: {string.Join(", ", access.Names)}.", ExitCodes.Usage);
    }
}
