using AdminPortal.Core.Accounts;
using AdminPortal.Core.Targets;
using AdminPortal.Web.SignInProviders;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Accounts;

/// <summary>Takes e-mail and password, and sets the cookie. A plain form: a circuit cannot set cookies.</summary>
public sealed partial class SignInPage
{
    private string? problem;

    [Inject] public required SignInCheck Check { get; set; }

    [Inject] public required AccountSessions Sessions { get; set; }

    [Inject] public required SecondFactors Factors { get; set; }

    [Inject] internal StartedSignIn Started { get; set; } = null!;

    [Inject] internal KnownBrowsers Browsers { get; set; } = null!;

    [Inject] public required PasswordRule Rule { get; set; }

    [Inject] public required IOptions<SignInOptions> Options { get; set; }

    [Inject] internal PasskeyCeremony Ceremony { get; set; } = null!;

    [Inject] public required IOptions<PortalOptions> Portal { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [CascadingParameter] public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromQuery] public string? ReturnUrl { get; set; }

    [SupplyParameterFromQuery] public string? Notice { get; set; }

    /// <summary>Why a sign-in at a provider came to nothing.</summary>
    [SupplyParameterFromQuery] public string? Refused { get; set; }

    /// <summary>The provider's name.</summary>
    [SupplyParameterFromQuery] public string? With { get; set; }

    [SupplyParameterFromForm(FormName = "passkey", Name = "Credential")] public string? Credential { get; set; }

    [SupplyParameterFromForm] public Form Input { get; set; } = null!;

    /// <summary>Of the settings: nothing of the address is shown.</summary>
    private string Title => With is { } name && Options.Value.Providers.GetValueOrDefault(name) is { } provider ? provider.TitleOr(name) : "your organisation";

    protected override void OnInitialized()
    {
        Input ??= new Form();
        problem = ProviderWords.Parse(Refused) is { } why ? ProviderWords.Of(why, Title) : null;
        if (HttpMethods.IsGet(HttpContext.Request.Method) && HttpContext.User.Identity?.IsAuthenticated == true)
        {
            Navigation.NavigateTo(LocalUrl.Or(ReturnUrl));
        }
    }

    private async Task SubmitAsync()
    {
        if (string.IsNullOrWhiteSpace(Input.Email) || string.IsNullOrEmpty(Input.Password))
        {
            problem = "Type your e-mail address and your password.";
            return;
        }

        switch (await Check.CheckAsync(Input.Email, Input.Password, Browsers.SourceOf(HttpContext), HttpContext.RequestAborted))
        {
            case SignInOutcome.SignedIn(var accountId) when await Factors.AfterPasswordAsync(accountId) is { } progress:
                await GoOnAsync(accountId, progress);
                break;
            case SignInOutcome.LockedOut(var wait):
                problem = $"Too many wrong passwords. Try again in {Math.Max(1, (int)Math.Ceiling(wait.TotalMinutes))} minutes, or ask an admin for a link to choose a new password.";
                break;
            case SignInOutcome.Busy:
                problem = "Too many people sign in just now. Try again in a moment.";
                break;
            case SignInOutcome.Disabled:
                problem = "This account is disabled. Ask an admin.";
                break;
            default:
                problem = "E-mail or password is wrong.";
                break;
        }

        Input.Password = ""; // not into the page that comes back
    }

    /// <summary>In the place of password and second factor.</summary>
    private async Task ShowPasskeyAsync()
    {
        switch (await Ceremony.ShownAsync(HttpContext, Credential, signsIn: true))
        {
            case SignInOutcome.SignedIn(var accountId) when await HttpContext.StartSessionAsync(Sessions, accountId):
                Browsers.Remember(HttpContext, accountId);
                Navigation.NavigateTo(LocalUrl.Or(ReturnUrl));
                break;
            case SignInOutcome.Disabled:
                problem = "This account is disabled. Ask an admin.";
                break;
            default:
                problem = "The portal could not take this passkey. Try again, or sign in with your password.";
                break;
        }
    }

    /// <summary>Ends by leading away, unless the account was disabled in this moment.</summary>
    private async Task GoOnAsync(string accountId, SignInProgress progress)
    {
        switch (progress.Step)
        {
            case SignInStep.NewPassword when await Factors.NewPasswordLinkAsync(accountId) is { } link:
                Navigation.NavigateTo(new Uri(link).PathAndQuery);
                break;
            case SignInStep.Code or SignInStep.Passkey or SignInStep.SetUp:
                Started.Keep(HttpContext, new(accountId, progress.Stamp, LocalUrl.Or(ReturnUrl)));
                Navigation.NavigateTo(SecondFactorPage.Address);
                break;
            case SignInStep.Nothing when await HttpContext.StartSessionAsync(Sessions, accountId):
                Browsers.Remember(HttpContext, accountId);
                Navigation.NavigateTo(LocalUrl.Or(ReturnUrl));
                break;
            default:
                problem = "E-mail or password is wrong.";
                break;
        }
    }

    public sealed class Form
    {
        public string Email { get; set; } = "";
        public string Password { get; set; } = "";
    }
}
