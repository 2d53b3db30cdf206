using System.Security.Claims;
using System.Text.Encodings.Web;
using AdminPortal.Core.ServiceKeys;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.ServiceKeys;

/// <summary>The bearer keys of services, <c>svc_…</c>. Looked up on every request, so a revocation holds from the next one on.</summary>
internal sealed class ServiceAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ServiceKeyRegister keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        var service = await keys.AuthenticateAsync(header["Bearer ".Length..].Trim(), Context.RemoteAddress(), Context.RequestAborted);
        if (service is null)
        {
            return AuthenticateResult.Fail("The service key is unknown or revoked.");
        }

        var identity = new ClaimsIdentity([new Claim(Policies.ServiceKeyClaim, service.Id), new Claim(ClaimTypes.Name, service.Name)], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        return ApiResults.Problem(401, "service-key-unknown", "The portal does not know this service key.", "Ask an admin for a new one: Service keys.").ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ApiResults.Forbidden("A service may ask about tokens, and nothing else.").ExecuteAsync(Context);
}
