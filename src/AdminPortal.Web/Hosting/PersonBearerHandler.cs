using System.Text.Encodings.Web;
using AdminPortal.Core.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Hosting;

/// <summary>
/// Identity's bearer, with the session looked up on every use: Identity alone would believe a token until it expires, and a disabled
/// person's programs would go on for an hour.
/// </summary>
internal sealed class PersonBearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, SessionStanding standing)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var result = await Context.AuthenticateAsync(IdentityConstants.BearerScheme);
        if (result is not { Succeeded: true, Principal: { } principal })
        {
            return result.Failure is { } failure ? AuthenticateResult.Fail(failure) : AuthenticateResult.NoResult();
        }

        return await standing.IsAliveAsync(principal.ToActor(Context.RemoteAddress()), used: true, Context.RequestAborted)
            ? AuthenticateResult.Success(new AuthenticationTicket(principal, result.Properties, Scheme.Name))
            : AuthenticateResult.Fail("The session has ended, or the account was disabled or changed after this token was issued.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        return ApiProblem.WriteAsync(Context, ApiProblem.Unauthorized());
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => ApiProblem.WriteAsync(Context, ApiProblem.Forbidden());
}
