using System.Security.Claims;
using System.Text.Encodings.Web;
using AdminPortal.Core.ServiceKeys;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.ServiceKeys;

/// <summary>The keys of services, <c>svc_…</c>: as a bearer, and where it is meant as a client's secret. Looked up on every request, so a revocation holds from the next one on.</summary>
internal sealed class ServiceAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ServiceKeyRegister keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private bool asked;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (await ServiceCredentials.ReadAsync(Request) is not { } key)
        {
            return AuthenticateResult.NoResult();
        }

        asked = true;
        var service = await keys.AuthenticateAsync(key, Context.RemoteAddress(), Context.RequestAborted);
        if (service is null)
        {
            return AuthenticateResult.Fail("The service key is unknown or revoked.");
        }

        var identity = new ClaimsIdentity([new Claim(Policies.ServiceKeyClaim, service.Id), new Claim(ClaimTypes.Name, service.Name)], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (!asked)
        {
            Response.Headers.WWWAuthenticate = "Bearer";
            return ApiProblem.WriteAsync(Context, ApiProblem.Unauthorized());
        }

        Response.Headers.WWWAuthenticate = ServiceCredentials.IsBasic(Request.Headers.Authorization.ToString()) ? "Basic realm=\"AdminPortal\"" : "Bearer error=\"invalid_token\"";
        return ApiResults.Problem(401, "service-key-unknown", "The portal does not know this service key.", "Ask an admin for a new one: Service keys.").ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ApiResults.Forbidden("A service may ask about tokens, and nothing else.").ExecuteAsync(Context);
}
