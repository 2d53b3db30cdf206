using AdminPortal.Core.Accounts;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Accounts;

/// <summary>Asks whoever follows a link to a file whether it is really them, and leads to the file. Dialogs ask by themselves.</summary>
public sealed partial class ConfirmPage
{
    private const string Address = "/account/confirm";

    private string? returnUrl;
    private string? problem;
    private FreshProof proof;
    private bool hasPasskey;

    [Inject] public required FreshSignIn Fresh { get; set; }

    [Inject] public required Passkeys Keys { get; set; }

    [Inject] internal PasskeyCeremony Ceremony { get; set; } = null!;

    [CascadingParameter] public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromQuery] public string? ReturnUrl { get; set; }

    [SupplyParameterFromForm(FormName = "passkey", Name = "Credential")] public string? Credential { get; set; }

    [SupplyParameterFromForm] public SecondFactorInput Input { get; set; } = null!;

    private bool IsFresh => proof is FreshProof.Nothing;

    public static string AddressFor(string path) => $"{Address}?returnUrl={Uri.EscapeDataString(path)}";

    protected override async Task OnInitializedAsync()
    {
        Input ??= new SecondFactorInput();
        returnUrl = string.IsNullOrEmpty(ReturnUrl) ? null : LocalUrl.Or(ReturnUrl);
        var actor = HttpContext.ToActor();
        proof = await Fresh.ProofAsync(actor, HttpContext.RequestAborted);
        hasPasskey = !IsFresh && await Keys.HasAnyAsync(actor.Id, HttpContext.RequestAborted);
    }

    private async Task ShowPasskeyAsync()
    {
        var actor = HttpContext.ToActor();
        var isThem = await Ceremony.ShownAsync(HttpContext, Credential) is SignInOutcome.SignedIn(var accountId) && await Fresh.ConfirmedByPasskeyAsync(actor, accountId, HttpContext.RequestAborted);
        problem = isThem ? null : "The portal could not take this passkey. Try again.";
        proof = await Fresh.ProofAsync(actor, HttpContext.RequestAborted);
    }

    private async Task SubmitAsync()
    {
        var actor = HttpContext.ToActor();
        problem = (await Fresh.ConfirmAsync(actor, new FreshAnswer(Input.Password, Input.Code), HttpContext.RequestAborted) as FreshSignInOutcome.Refused)?.Message;
        proof = await Fresh.ProofAsync(actor, HttpContext.RequestAborted);
    }
}
