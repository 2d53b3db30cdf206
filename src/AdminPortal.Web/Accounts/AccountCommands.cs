using System.CommandLine;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.SignInProviders;

namespace AdminPortal.Web.Accounts;

/// <summary><c>portal accounts …</c>: the same acts as the page, for who has no browser, or whom no admin can let in any more.</summary>
internal static class AccountCommands
{
    private const int Page = 200;

    public static Command Build() => new("accounts", "People who may sign in to the portal.")
    {
        CreateAccountCommand.Build(),
        List(),
        Reset(),
        Role(),
        Change("disable", "Disables an account: it is signed out everywhere, and its person's devices are revoked.", (accounts, id, token) => accounts.DisableAsync(id, Actor.CommandLine, token)),
        Change("enable", "Lets a disabled account in again.", (accounts, id, token) => accounts.EnableAsync(id, Actor.CommandLine, token)),
        Change("unlock", "Takes the lock away that too many wrong passwords put on an account.", (accounts, id, token) => accounts.UnlockAsync(id, Actor.CommandLine, token)),
        LinkAccountCommand.Build(),
        ConnectAccountCommand.Build(),
    };

    private static Option<string> Email() => new("--email") { Description = "The address to sign in with.", Required = true, HelpName = "EMAIL" };

    private static Command List()
    {
        var search = new Option<string?>("--search") { Description = "Part of the address.", HelpName = "TEXT" };
        return OperationCommand.Create("list", "The accounts that there are.", [search], async (services, parsed, token) =>
        {
            var (directory, accounts) = (services.Get<AccountDirectory>(), new List<AccountRow>());
            for (var page = await directory.ListAsync(Actor.CommandLine, parsed.GetValue(search), 0, Page, token); page.Rows.Count > 0;)
            {
                accounts.AddRange(page.Rows);
                page = await directory.ListAsync(Actor.CommandLine, parsed.GetValue(search), accounts.Count, Page, token);
            }

            return ThingsAnswer.Listed("accounts", accounts, Reported, [
                ("E-mail", a => a.Email), ("Role", a => $"{a.Role}"), ("State", State), ("Person", a => a.AppUserId), ("Second factor", a => a.HasSecondFactor ? "on" : "off"),
                ("Last sign-in (UTC)", a => ThingsAnswer.Time(a.LastSignInAt))]);
        });
    }

    private static Command Reset()
    {
        var email = Email();
        return OperationCommand.Create("reset", "Prints a link with which the person chooses a new password. It works once; an older one does not work any more.", [email], async (services, parsed, token) =>
        {
            var outcome = await services.Get<AccountService>().CreateResetLinkAsync(await IdAsync(services, parsed.GetRequiredValue(email), token), Actor.CommandLine, token);
            return outcome is AccountOutcome.Done { Link: { } link } ? ThingsAnswer.Done(link.Url) : ThingsAnswer.Refused(outcome.Message);
        });
    }

    private static Command Role()
    {
        var email = Email();
        var role = new Option<string>("--role") { Description = "What the account may do.", Required = true };
        role.AcceptOnlyFromAmong(Enum.GetNames<AccountRole>());
        return OperationCommand.Create("role", "Gives an account another role. It is signed out everywhere.", [email, role], async (services, parsed, token) =>
        {
            var (address, wanted) = (parsed.GetRequiredValue(email), Enum.Parse<AccountRole>(parsed.GetRequiredValue(role)));
            return Answer(await services.Get<AccountService>().ChangeRoleAsync(await IdAsync(services, address, token), wanted, Actor.CommandLine, token), address);
        });
    }

    private static Command Change(string name, string description, Func<AccountService, string, CancellationToken, Task<AccountOutcome>> act)
    {
        var email = Email();
        return OperationCommand.Create(name, description, [email], async (services, parsed, token) =>
        {
            var address = parsed.GetRequiredValue(email);
            return Answer(await act(services.Get<AccountService>(), await IdAsync(services, address, token), token), address);
        });
    }

    private static async Task<string> IdAsync(CommandServices services, string email, CancellationToken cancellationToken) =>
        (await services.Get<AccountDirectory>().FindByEmailAsync(Actor.CommandLine, email, cancellationToken))?.Id ?? throw new CommandFailedException($"There is no account for {email}.");

    private static CommandAnswer Answer(AccountOutcome outcome, string email) =>
        outcome is AccountOutcome.Done ? ThingsAnswer.Done($"{email}: {outcome.Message}") : ThingsAnswer.Refused($"{email}: {outcome.Message}");

    private static string State(AccountRow account) => account.DisabledAt is not null ? "disabled" : account.LockedUntil is not null ? "locked" : "active";

    private static object Reported(AccountRow account) =>
        new { account.Id, account.Email, account.Role, State = State(account), UserId = account.AppUserId, account.LockedUntil, account.DisabledAt, account.CreatedAt, account.LastSignInAt, account.HasSecondFactor };
}
