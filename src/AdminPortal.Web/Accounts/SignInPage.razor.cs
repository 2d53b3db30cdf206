using AdminPortal.Core.Accounts;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Accounts;

/// <summary>Takes e-mail and password, and sets the cookie. A plain form: a circuit cannot set cookies.</summary>
public sealed partial class SignInPage
{
    private string? problem;

    [Inject] public required SignInCheck Check { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [CascadingParameter] public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromQuery] public string? ReturnUrl { get; set; }

    [SupplyParameterFromQuery] public string? Notice { get; set; }

    [SupplyParameterFromForm] public Form Input { get; set; } = null!;

    protected override void OnInitialized()
    {
        Input ??= new Form();
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

        switch (await Check.CheckAsync(Input.Email, Input.Password, HttpContext.RemoteAddress(), HttpContext.RequestAborted))
        {
            case SignInOutcome.SignedIn(var principal):
                await HttpContext.SignInAsync(PortalSchemes.Cookie, principal, new AuthenticationProperties());
                Navigation.NavigateTo(LocalUrl.Or(ReturnUrl));
                break;
            case SignInOutcome.LockedOut(var wait):
                problem = $"Too many wrong passwords. Try again in {Math.Max(1, (int)Math.Ceiling(wait.TotalMinutes))} minutes, or ask an admin for a link to choose a new password.";
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

    public sealed class Form
    {
        public string Email { get; set; } = "";
        public string Password { get; set; } = "";
    }
}
