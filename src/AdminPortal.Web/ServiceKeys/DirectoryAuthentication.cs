using System.Security.Claims;
using System.Text.Encodings.Web;
using AdminPortal.Core.ServiceKeys;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.ServiceKeys;

/// <summary>The keys of directories, <c>scim_…</c>, as a bearer. Looked up on every request, so a revocation holds from the next one on.</summary>
internal sealed class DirectoryAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, DirectoryKeyRegister keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var key = Request.Headers.Authorization.ToString()[PortalSchemes.Bearer.Length..].Trim();
        if (await keys.AuthenticateAsync(key, Context.RemoteAddress(), Context.RequestAborted) is not { } directory)
        {
            return AuthenticateResult.Fail("The key is unknown or revoked.");
        }

        var identity = new ClaimsIdentity([new Claim(Policies.DirectoryKeyClaim, directory.Id), new Claim(ClaimTypes.Name, directory.Name)], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        return ApiResults.Problem(401, "service-key-unknown", "The portal does not know this SCIM key.", "Ask an admin for a new one: Service keys.").ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ApiResults.Forbidden("A directory may keep accounts by SCIM, and nothing else.").ExecuteAsync(Context);
}
