using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Accounts;

/// <summary>After the password or a provider: takes a code, or sets the second factor up for a role that needs one. Then the session starts.</summary>
public sealed partial class SecondFactorPage
{
    public const string Address = "/sign-in/code";

    private string? problem;
    private string returnUrl = "/";
    private SecondFactorSetup? setup;
    private IReadOnlyList<string>? codes;
    private StartedSignIn.Started? started;
    private SignInStep step;
    private bool hasPasskey;

    [Inject] public required SecondFactors Factors { get; set; }

    [Inject] public required AccountSessions Sessions { get; set; }

    [Inject] public required Passkeys Keys { get; set; }

    [Inject] internal PasskeyCeremony Ceremony { get; set; } = null!;

    [Inject] internal StartedSignIn StartedBefore { get; set; } = null!;

    [Inject] internal KnownBrowsers Browsers { get; set; } = null!;

    [Inject] public required NavigationManager Navigation { get; set; }

    [CascadingParameter] public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromForm(FormName = "passkey", Name = "Credential")] public string? Credential { get; set; }

    [SupplyParameterFromForm] public SecondFactorInput Input { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        Input ??= new SecondFactorInput();
        started = StartedBefore.Read(HttpContext);
        var progress = started is null ? null : await Factors.AfterPasswordAsync(started.AccountId, started.Provider);
        if (progress is not { Step: SignInStep.Code or SignInStep.Passkey or SignInStep.SetUp } || progress.Stamp != started!.Stamp)
        {
            started = null;
            Navigation.NavigateTo("/sign-in"); // too late, or something changed since the password
            return;
        }

        (step, returnUrl) = (progress.Step, LocalUrl.Or(started.ReturnUrl));
        hasPasskey = step is not SignInStep.SetUp && await Keys.HasAnyAsync(started.AccountId, HttpContext.RequestAborted);
        setup = step is SignInStep.SetUp ? await Factors.BeginAsync(started.AccountId) : null;
    }

    private async Task SubmitAsync()
    {
        if (started is null)
        {
            return;
        }

        if (step is SignInStep.SetUp)
        {
            var outcome = await Factors.EnableAsync(Actor.Anonymous(HttpContext.RemoteAddress()), started.AccountId, Input.Code, HttpContext.RequestAborted);
            problem = (outcome as SecondFactorOutcome.Refused)?.Message;
            if (outcome is SecondFactorOutcome.Done done && await StartAsync())
            {
                codes = done.RecoveryCodes;
            }

            return;
        }

        if (step is not SignInStep.Code)
        {
            return;
        }

        switch (await Factors.CheckAsync(started.AccountId, Input.Code, HttpContext.RemoteAddress(), HttpContext.RequestAborted))
        {
            case SignInOutcome.SignedIn when await StartAsync():
                Navigation.NavigateTo(returnUrl);
                break;
            case SignInOutcome.LockedOut(var wait):
                problem = $"Too many wrong codes. Try again in {Math.Max(1, (int)Math.Ceiling(wait.TotalMinutes))} minutes.";
                break;
            default:
                problem = "That is not the code. The app shows a new one every 30 seconds, and each works once.";
                break;
        }
    }

    private async Task ShowPasskeyAsync()
    {
        if (started is not null && await Ceremony.ShownAsync(HttpContext, Credential) is SignInOutcome.SignedIn(var accountId) && accountId == started.AccountId && await StartAsync())
        {
            Navigation.NavigateTo(returnUrl);
        }

        problem = "The portal could not take this passkey. Try again.";
    }

    private async Task<bool> StartAsync()
    {
        StartedBefore.Forget(HttpContext);
        Browsers.Remember(HttpContext, started!.AccountId);
        return await HttpContext.StartSessionAsync(Sessions, started.AccountId, started.Provider);
    }
}
