using System.CommandLine;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Accounts;

/// <summary><c>portal accounts unlock --email E</c>: after too many wrong passwords, the person can try again at once.</summary>
internal static class UnlockAccountCommand
{
    public static Command Build()
    {
        var email = new Option<string>("--email") { Description = "The address to sign in with.", Required = true, HelpName = "EMAIL" };
        var command = new Command("unlock", "Takes the lock away that too many wrong passwords put on an account.") { email };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var databases = await CommandDatabases.OpenAsync(Console.Error, cancellationToken);
            await using var services = await CommandServices.CreateAsync(databases.Configuration, cancellationToken);
            await UnlockAsync(services.Get<AccountDirectory>(), services.Get<AccountService>(), parsed.GetRequiredValue(email), cancellationToken);
            await Console.Out.WriteLineAsync($"Unlocked {parsed.GetRequiredValue(email)}.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task UnlockAsync(AccountDirectory directory, AccountService accounts, string email, CancellationToken cancellationToken)
    {
        var outcome = await directory.FindByEmailAsync(Actor.CommandLine, email, cancellationToken) is { } account
            ? await accounts.UnlockAsync(account.Id, Actor.CommandLine, cancellationToken)
            : throw new CommandFailedException($"There is no account for {email}.");
        if (outcome is not AccountOutcome.Done)
            throw new CommandFailedException(outcome.Message);
    }
}
