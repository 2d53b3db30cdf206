using System.CommandLine;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Accounts;

/// <summary><c>portal accounts link --email E [--user-id ID]</c>: says whose devices an account pairs.</summary>
internal static class LinkAccountCommand
{
    public static Command Build()
    {
        var email = new Option<string>("--email") { Description = "The address to sign in with.", Required = true, HelpName = "EMAIL" };
        var userId = new Option<string?>("--user-id") { Description = "The id in the users table of the primary target. Without it: the person of that address.", HelpName = "ID" };
        var command = new Command("link", "Links an account with the person whose devices it pairs. Its sessions end.") { email, userId };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var databases = await CommandDatabases.OpenAsync(Console.Error, cancellationToken);
            await using var services = await CommandServices.CreateAsync(databases.Configuration, cancellationToken);
            var linked = await LinkAsync(services, parsed.GetRequiredValue(email), parsed.GetValue(userId), cancellationToken);
            await Console.Out.WriteLineAsync($"Linked {parsed.GetRequiredValue(email)} with {linked}.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<string> LinkAsync(CommandServices services, string email, string? userId, CancellationToken cancellationToken)
    {
        var account = await services.Get<AccountDirectory>().FindByEmailAsync(Actor.CommandLine, email, cancellationToken) ?? throw new CommandFailedException($"There is no account for {email}.");
        var person = userId
            ?? await PersonChoice.MakeAsync(await services.Get<PeopleByEmail>().FindAsync(email, cancellationToken), email, Console.In, Console.Error, cancellationToken)
            ?? throw new CommandFailedException("Nothing was linked.");
        var outcome = await services.Get<AccountService>().LinkUserAsync(account.Id, person, Actor.CommandLine, cancellationToken);
        return outcome is AccountOutcome.Done ? person : throw new CommandFailedException(outcome.Message);
    }
}
