using System.CommandLine;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Mail;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Mail;

/// <summary><c>portal mail test --to ADDRESS</c>: sends a mail at once and says what the server answered.</summary>
internal static class MailCommand
{
    public static Command Build()
    {
        var to = new Option<string>("--to") { Description = "The address that gets it.", Required = true, HelpName = "EMAIL" };
        var test = new Command("test", "Sends a test mail at once and says what the mail server answered.") { to };
        test.SetAction(async (parsed, cancellationToken) =>
        {
            await using var databases = await CommandDatabases.OpenAsync(Console.Error, cancellationToken);
            await using var services = await CommandServices.CreateAsync(databases.Configuration, cancellationToken);
            var address = parsed.GetRequiredValue(to);
            if (await services.Get<MailBoard>().TestAsync(Actor.CommandLine, address, cancellationToken) is { } error)
            {
                throw new CommandFailedException($"the test mail could not be sent: {error}");
            }

            await Console.Out.WriteLineAsync($"The mail server took a test mail to {address}.");
            return ExitCodes.Done;
        });
        return new Command("mail", "The mail that the portal sends.") { test };
    }
}
