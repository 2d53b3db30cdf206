using System.CommandLine;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Targets;

/// <summary><c>portal psql TARGET [--role owner|runtime] [-- ARGUMENTS]</c>: psql on a database, without its password in the list of processes.</summary>
internal static class PsqlCommand
{
    public static Command Build()
    {
        var target = new Argument<string>("target") { Description = "A target's name, such as main; 'portal' is the portal's own database." };
        var arguments = new Argument<string[]>("arguments") { Description = "For psql itself, after --.", Arity = ArgumentArity.ZeroOrMore };
        var role = new Option<string>("--role") { Description = "owner may change tables, runtime may not.", DefaultValueFactory = _ => "runtime" };
        role.AcceptOnlyFromAmong("owner", "runtime");
        var command = new Command("psql", "Opens a database in psql: portal psql main, portal psql main -- -c 'SELECT 1'") { target, arguments, role };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var configuration = await ConnectionCommand.LoadAsync(cancellationToken);
            var key = ConnectionCommand.FindKey(configuration, parsed.GetRequiredValue(target), parsed.GetRequiredValue(role) == "owner");
            try
            {
                return await PsqlProcess.RunAsync(ConnectionText.Normalized(configuration[key]!), parsed.GetValue(arguments) ?? [], cancellationToken);
            }
            catch (ArgumentException)
            {
                throw new CommandFailedException(ConnectionText.Problem(key, configuration[key]) ?? $"{key} is not understood.");
            }
            catch (InvalidOperationException failure)
            {
                throw new CommandFailedException(failure.Message);
            }
        });
        return command;
    }
}
