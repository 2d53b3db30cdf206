using System.CommandLine;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Accounts;

/// <summary><c>portal accounts create --email E --role Admin|Support|User [--user-id ID]</c>; the password comes from standard input or a prompt. A User without an id is linked by address.</summary>
internal static class CreateAccountCommand
{
    internal sealed record NewAccount(string Email, string Role, string? UserId, string Password);

    public static Command Build()
    {
        var email = new Option<string>("--email") { Description = "The address to sign in with.", Required = true, HelpName = "EMAIL" };
        var role = new Option<string>("--role") { Description = "What the account may do.", Required = true };
        role.AcceptOnlyFromAmong("Admin", "Support", "User");
        var userId = new Option<string?>("--user-id") { Description = "The id in the users table of the primary target, whose devices the account pairs. Without it, a User gets the one person of that address, else you are asked.", HelpName = "ID" };
        var command = new Command("create", "Creates an account. The password is read from standard input when that is redirected, else asked for.") { email, role, userId };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var password = await ReadPasswordAsync(cancellationToken);
            var account = new NewAccount(parsed.GetRequiredValue(email), parsed.GetRequiredValue(role), parsed.GetValue(userId), password);
            await using var databases = await CommandDatabases.OpenAsync(Console.Error, cancellationToken);
            await CreateAsync(databases.Configuration, account, cancellationToken);
            await Console.Out.WriteLineAsync($"Created {account.Email} ({account.Role}).");
            return 0;
        });
        return command;
    }

    private static async Task CreateAsync(IConfiguration configuration, NewAccount account, CancellationToken cancellationToken)
    {
        await using var services = await CommandServices.CreateAsync(configuration, cancellationToken);
        var role = Enum.Parse<AccountRole>(account.Role);
        var userId = account.UserId is null && role == AccountRole.User
            ? await PersonChoice.MakeAsync(await services.Get<PeopleByEmail>().FindAsync(account.Email, cancellationToken), account.Email, Console.In, Console.Error, cancellationToken)
            : account.UserId;
        var request = new CreateAccount(account.Email, role, account.Password, userId);
        if (await services.Get<AccountService>().CreateAsync(request, Actor.CommandLine, cancellationToken) is not AccountOutcome.Done and var refused)
            throw new CommandFailedException(refused.Message);
    }

    private static async Task<string> ReadPasswordAsync(CancellationToken cancellationToken)
    {
        var password = Console.IsInputRedirected ? await Console.In.ReadLineAsync(cancellationToken) : await PasswordPrompt.AskTwiceAsync(cancellationToken);
        return string.IsNullOrEmpty(password) ? throw new CommandFailedException("No password was given. Pipe it in, or type it at the prompt.") : password;
    }
}
