using System.CommandLine;

namespace AdminPortal.Web.Hosting;

/// <summary><c>portal serve [--empty] [--lan] [--urls URLS]</c>, which is also what happens without a verb.</summary>
internal static class ServeCommand
{
    public static Command Build()
    {
        var command = new Command("serve", "Serves the portal, on its own PostgreSQL unless ConnectionStrings__Portal is set (the default verb).");
        AddTo(command);
        return command;
    }

    /// <summary>Gives a command the options and the work of <c>serve</c>.</summary>
    public static void AddTo(Command command)
    {
        var empty = new Option<bool>("--empty") { Description = "Start without sample data." };
        var lan = new Option<bool>("--lan") { Description = "Listen on all interfaces, and put an address into codes that a phone in this network reaches." };
        var urls = new Option<string?>("--urls") { Description = $"Where to listen; several separated by ';'. Default: {ListenAddress.Variable}, else {ListenAddress.Default}.", HelpName = "URLS" };
        urls.Check(address => ListenAddress.FindFault(address) is { } fault ? $"--urls: {fault}" : null);
        command.Options.Add(empty);
        command.Options.Add(lan);
        command.Options.Add(urls);
        command.SetAction((parsed, cancellationToken) => PortalServer.RunAsync(
            new ServeOptions(parsed.GetValue(empty), parsed.GetValue(lan), parsed.GetValue(urls)), Console.Out, cancellationToken));
    }
}
