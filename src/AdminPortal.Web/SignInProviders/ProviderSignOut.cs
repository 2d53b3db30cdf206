using AdminPortal.Core.Accounts;
using AdminPortal.Core.SignInProviders;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.SignInProviders;

/// <summary>After the portal's own session has ended: the provider's too, by leading the browser there.</summary>
internal sealed class ProviderSignOut(IOptions<SignInOptions> options, IOptionsMonitor<OpenIdConnectOptions> schemes, ILogger<ProviderSignOut> logger)
{
    /// <summary>The item of the sign-out that carries the provider's own token.</summary>
    public const string Token = "token";
    private const string Here = "/sign-in?notice=signed-out";

    /// <param name="session">Null: a password.</param>
    public async Task<IResult> LeadAsync(HttpContext context, ProviderSession? session)
    {
        if (session is null || options.Value.Providers.GetValueOrDefault(session.Provider) is not { SignOutThere: true } provider)
        {
            return TypedResults.LocalRedirect(Here);
        }

        try
        {
            var scheme = ProviderSchemes.SchemeOf(session.Provider);
            var says = await schemes.Get(scheme).ConfigurationManager!.GetConfigurationAsync(context.RequestAborted);
            if (string.IsNullOrEmpty(says.EndSessionEndpoint))
            {
                return TypedResults.LocalRedirect($"{Here}-here&with={session.Provider}");
            }

            await context.SignOutAsync(scheme, new AuthenticationProperties(new Dictionary<string, string?> { [Token] = session.Token }) { RedirectUri = Here });
            var address = context.Response.Headers.Location.ToString();
            context.Response.Headers.Remove("Location");
            context.Response.StatusCode = StatusCodes.Status200OK;
            context.Response.Headers["Refresh"] = $"0;url={address}"; // no form may lead to another site, not by a redirect either: a page may
            context.Response.Headers.CacheControl = "no-store";
            return new RazorComponentResult<LeavingPage>(new { Title = provider.TitleOr(session.Provider), Address = address });
        }
        catch (Exception failure) when (ProviderEvents.Why(failure) is ProviderRefusal.Away)
        {
            logger.LogWarning("{Provider} could not be asked to sign somebody out: {Error}", session.Provider, failure.Message);
            return TypedResults.LocalRedirect($"{Here}-here&with={session.Provider}");
        }
    }
}
