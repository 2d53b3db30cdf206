using AdminPortal.Core.Accounts;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Accounts;

/// <summary>Who one is, and changing one's password.</summary>
public sealed partial class YourAccountPage
{
    private AccountRow? row;
    private string? problem;
    private bool done;

    [Inject] public required AccountDirectory Directory { get; set; }

    [Inject] public required OwnAccount Own { get; set; }

    [CascadingParameter] public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromForm] public NewPassword Input { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        Input ??= new NewPassword();
        var actor = HttpContext.ToActor();
        row = await Directory.FindAsync(actor, actor.Id, HttpContext.RequestAborted);
    }

    private async Task SubmitAsync()
    {
        problem = Input.Mismatch;
        if (problem is not null)
        {
            return;
        }

        var actor = HttpContext.ToActor();
        var outcome = await Own.ChangePasswordAsync(actor, Input.Current, Input.Password, HttpContext.RequestAborted);
        done = outcome is AccountOutcome.Done;
        problem = done ? null : outcome.Message;
        if (done && await Own.PrincipalAsync(actor.Id) is { } principal)
        {
            // The cookie of this browser carries the old security stamp; the others' die with it.
            await HttpContext.SignInAsync(PortalSchemes.Cookie, principal, new AuthenticationProperties());
        }
    }
}
