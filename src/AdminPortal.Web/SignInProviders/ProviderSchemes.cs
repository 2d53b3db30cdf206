using AdminPortal.Core.Accounts;
using AdminPortal.Core.SignInProviders;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AdminPortal.Web.SignInProviders;

/// <summary>One scheme of the framework for each provider in the settings: code flow with PKCE, answers by redirect.</summary>
internal static class ProviderSchemes
{
    private const string Prefix = "provider-";
    /// <summary>Whoever signs in with a key that is not known yet waits until the provider's keys were read again, in place of being refused.</summary>
    private const string WaitForKeys = "Switch.Microsoft.IdentityModel.UpdateConfigAsBlocking";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static string SchemeOf(string provider) => Prefix + provider;

    /// <summary>Where the sign-in begins; what the provider has to know is below it.</summary>
    public static string AddressOf(string provider) => $"/sign-in/with/{provider}";

    public static void AddProviders(this AuthenticationBuilder authentication, IConfiguration configuration)
    {
        AppContext.SetSwitch(WaitForKeys, isEnabled: true);
        foreach (var name in configuration.GetSection($"{SignInOptions.Section}:{nameof(SignInOptions.Providers)}").GetChildren().Select(section => section.Key))
        {
            authentication.AddOpenIdConnect(SchemeOf(name), _ => { });
            authentication.Services.AddOptions<OpenIdConnectOptions>(SchemeOf(name)).Configure<IOptions<SignInOptions>, IOptions<PortalOptions>>(
                (options, signIn, portal) => Configure(options, name, signIn.Value.Providers[name], portal.Value));
        }
    }

    private static void Configure(OpenIdConnectOptions options, string name, SignInProviderOptions provider, PortalOptions portal)
    {
        (options.Authority, options.ClientId, options.ClientSecret) = (provider.Authority, provider.ClientId, provider.ReadSecret());
        options.RequireHttpsMetadata = provider.Authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase); // else it is this machine
        (options.BackchannelTimeout, options.DisableTelemetry) = (Patience, true);
        options.RefreshInterval = TimeSpan.FromMinutes(1);

        // Answers come by redirect and not by a form of the provider's: cookies need not follow posts of other sites.
        (options.ResponseType, options.ResponseMode, options.UsePkce) = (OpenIdConnectResponseType.Code, OpenIdConnectResponseMode.Query, true);
        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
        {
            (cookie.SameSite, cookie.SecurePolicy, cookie.HttpOnly) = (SameSiteMode.Lax, PortalCookies.Secure(portal), true);
        }

        options.CallbackPath = AddressOf(name) + "/back";
        options.SignedOutCallbackPath = AddressOf(name) + "/signed-out";
        options.RemoteSignOutPath = default; // browsers send no cookies into another site's frame; the provider calls by the back channel
        (options.SignInScheme, options.SignOutScheme) = (PortalSchemes.Cookie, PortalSchemes.Cookie);

        options.Scope.Clear();
        foreach (var scope in provider.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            options.Scope.Add(scope);
        }

        options.MapInboundClaims = false;
        options.GetClaimsFromUserInfoEndpoint = true;
        options.ClaimActions.Clear(); // what the token says stays
        options.ClaimActions.MapUniqueJsonKey("email", "email");
        options.ClaimActions.MapUniqueJsonKey(provider.EmailVerifiedClaim, provider.EmailVerifiedClaim);
        options.ClaimActions.MapJsonKey(provider.RoleClaim, provider.RoleClaim);
        options.SaveTokens = true; // as far as the events, which keep one
        options.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(provider.ClockSkewSeconds);
        options.Events = ProviderEvents.For(name, provider, portal.PublicUrl.TrimEnd('/'));
    }
}
