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

    [Inject] public required FreshSignIn Fresh { get; set; }

    [CascadingParameter] public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromQuery] public string? ReturnUrl { get; set; }

    [SupplyParameterFromForm] public SecondFactorInput Input { get; set; } = null!;

    private bool IsFresh => proof is FreshProof.Nothing;

    public static string AddressFor(string path) => $"{Address}?returnUrl={Uri.EscapeDataString(path)}";

    protected override async Task OnInitializedAsync()
    {
        Input ??= new SecondFactorInput();
        returnUrl = string.IsNullOrEmpty(ReturnUrl) ? null : LocalUrl.Or(ReturnUrl);
        proof = await Fresh.ProofAsync(HttpContext.ToActor(), HttpContext.RequestAborted);
    }

    private async Task SubmitAsync()
    {
        var actor = HttpContext.ToActor();
        problem = (await Fresh.ConfirmAsync(actor, new FreshAnswer(Input.Password, Input.Code), HttpContext.RequestAborted) as FreshSignInOutcome.Refused)?.Message;
        proof = await Fresh.ProofAsync(actor, HttpContext.RequestAborted);
    }
}
