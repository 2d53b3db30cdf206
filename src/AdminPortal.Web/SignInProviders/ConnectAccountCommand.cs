using System.CommandLine;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.SignInProviders;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.SignInProviders;

/// <summary><c>portal accounts connect --email E --provider NAME --subject ID</c>: who that person of the provider is here.</summary>
internal static class ConnectAccountCommand
{
    public static Command Build()
    {
        var email = new Option<string>("--email") { Description = "The address of the account.", Required = true, HelpName = "EMAIL" };
        var provider = new Option<string>("--provider") { Description = "The provider's name in SignIn:Providers.", Required = true, HelpName = "NAME" };
        var subject = new Option<string>("--subject") { Description = "The provider's id of the person (sub), as the record of a refused sign-in has it.", Required = true, HelpName = "ID" };
        subject.Check(id => string.IsNullOrWhiteSpace(id) ? "--subject is empty." : null);
        var command = new Command("connect", "Connects an account with a person of an organisation's own sign-in.") { email, provider, subject };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var databases = await CommandDatabases.OpenAsync(Console.Error, cancellationToken);
            await using var services = await CommandServices.CreateAsync(databases.Configuration, cancellationToken);
            var (address, name) = (parsed.GetRequiredValue(email), parsed.GetRequiredValue(provider));
            var account = await services.Get<AccountDirectory>().FindByEmailAsync(Actor.CommandLine, address, cancellationToken)
                ?? throw new CommandFailedException($"There is no account for {address}.");
            var outcome = await services.Get<ProviderConnections>().ConnectAsync(account.Id, name, parsed.GetRequiredValue(subject).Trim(), Actor.CommandLine, cancellationToken);
            if (outcome is not AccountOutcome.Done)
                throw new CommandFailedException(outcome.Message);
            await Console.Out.WriteLineAsync($"Connected {address} with {name}.");
            return ExitCodes.Done;
        });
        return command;
    }
}
