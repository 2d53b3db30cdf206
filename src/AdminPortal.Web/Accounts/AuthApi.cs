using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Claims;
using AdminPortal.Core.Accounts;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.ApiDescription;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Accounts;

/// <summary>Sign-in for programs: Identity's bearer tokens, and the antiforgery token for scripts that use the cookie.</summary>
internal static class AuthApi
{
    private const int MaximumBody = 8 * 1024;
    private const string TokenExample = """{"tokenType":"Bearer","accessToken":"CfDJ8Nq…","expiresIn":3600,"refreshToken":"CfDJ8Mz…"}""";

    internal sealed record LoginRequest([property: Required] string? Email, [property: Required] string? Password, string? Code = null);

    internal sealed record RefreshRequest([property: Required] string? RefreshToken);

    internal sealed record LoggedOut(bool AlreadyEnded);

    internal sealed record CsrfToken(string HeaderName, string Token);

    public static void MapAuthApi(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/api/auth").WithTags("Sign-in").WithMetadata(new RequestSizeLimitAttribute(MaximumBody));
        auth.MapPost("/login", LoginAsync).AllowAnonymous()
            .WithName("signIn").WithSummary("Exchanges e-mail, password and, where the account has a second factor, its code for a bearer token.")
            .Produces<AccessTokenResponse>()
            .Problems(400, "invalid-request").Problems(401, "sign-in-failed", "account-disabled", "second-factor-required", "second-factor-wrong").Problems(403, "new-password-required", "second-factor-not-set-up").Problems(429, "locked-out").Problems(503, "busy")
            .WithMetadata(
                new ApiExample("""{"email":"anna@example.org","password":"seven green lamps walk"}""", TokenExample),
                ApiExample.Problem(401, "sign-in-failed", "E-mail or password is wrong."));
        auth.MapPost("/refresh", RefreshAsync).AllowAnonymous()
            .WithName("refreshSignIn").WithSummary("Exchanges a refresh token for a new bearer token.")
            .Produces<AccessTokenResponse>()
            .Problems(401, "refresh-failed")
            .WithMetadata(
                new ApiExample("""{"refreshToken":"CfDJ8Mz…"}""", TokenExample),
                ApiExample.Problem(401, "refresh-failed", "This refresh token is not valid (any more). Sign in again."));
        auth.MapPost("/logout", LogoutAsync).RequireAuthorization(Policies.SignedIn)
            .WithName("signOut").WithSummary("Ends the session of the caller: its bearer, its refresh tokens, or its cookie.")
            .Produces<ApiEnvelope<LoggedOut>>()
            .WithMetadata(new ApiExample(null, """{"success":true,"data":{"alreadyEnded":false}}"""));
        auth.MapGet("/csrf", Csrf).RequireAuthorization(Policies.SignedIn)
            .WithName("getAntiforgeryToken").WithSummary($"The value of {ApiAntiforgery.Header} for changes made with the cookie.")
            .Produces<ApiEnvelope<CsrfToken>>()
            .WithMetadata(new ApiExample(null, """{"success":true,"data":{"headerName":"X-CSRF-TOKEN","token":"CfDJ8Pa…"}}"""));
    }

    private static async Task<IResult> LoginAsync(
        LoginRequest request, SignInCheck check, AccountSessions sessions, SecondFactors factors, KnownBrowsers browsers, HttpContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Email) || string.IsNullOrEmpty(request.Password))
        {
            return ApiProblem.Result(400, "invalid-request", "Send email and password.");
        }

        return await check.CheckAsync(request.Email, request.Password, browsers.SourceOf(context), cancellationToken) switch
        {
            SignInOutcome.SignedIn(var id) => await GoOnAsync(id, request.Code, sessions, factors, browsers, context, cancellationToken),
            SignInOutcome.LockedOut(var wait) => ApiProblem.Result(
                429, "locked-out", "Too many wrong passwords. Try again later.", retryAfter: wait),
            SignInOutcome.Busy => ApiProblem.Result(503, "busy", "Too many sign in just now. Try again in a moment.", retryAfter: TimeSpan.FromSeconds(2)),
            SignInOutcome.Disabled => ApiProblem.Result(401, "account-disabled", "This account is disabled. Ask an admin."),
            _ => ApiProblem.Result(401, "sign-in-failed", "E-mail or password is wrong."),
        };
    }

    /// <summary>After the right password. Programs that keep cookies are known from then on: no stranger's misses stand in their way.</summary>
    private static async Task<IResult> GoOnAsync(
        string id, string? code, AccountSessions sessions, SecondFactors factors, KnownBrowsers browsers, HttpContext context, CancellationToken cancellationToken)
    {
        switch ((await factors.AfterPasswordAsync(id))?.Step)
        {
            case SignInStep.NewPassword:
                return ApiProblem.Result(403, "new-password-required", "This password is good for one sign-in. Sign in on the page, and choose another.");
            case SignInStep.SetUp or SignInStep.Passkey: // a program cannot show a passkey
                return ApiProblem.Result(403, "second-factor-not-set-up", "This role needs a second factor. Sign in on the page, and set it up.");
            case SignInStep.Code when string.IsNullOrWhiteSpace(code):
                return ApiProblem.Result(401, "second-factor-required", "Send code too: of the authenticator app, or a recovery code.");
            case SignInStep.Code:
                switch (await factors.CheckAsync(id, code ?? "", context.RemoteAddress(), cancellationToken))
                {
                    case SignInOutcome.SignedIn:
                        break;
                    case SignInOutcome.LockedOut(var wait):
                        return ApiProblem.Result(429, "locked-out", "Too many wrong codes. Try again later.", retryAfter: wait);
                    default:
                        return ApiProblem.Result(401, "second-factor-wrong", "The code is not right, or was used before.");
                }

                break;
        }

        if (await sessions.StartAsync(id, AccountSessionKind.Program, context.RemoteAddress(), context.UserAgent(), cancellationToken) is not { } principal)
        {
            return ApiProblem.Result(401, "sign-in-failed", "E-mail or password is wrong.");
        }

        browsers.Remember(context, id);
        return TypedResults.SignIn(principal, authenticationScheme: IdentityConstants.BearerScheme);
    }

    /// <summary>A refresh token works once. The session's row decides; the ticket's own time is only the longest there can be.</summary>
    private static async Task<IResult> RefreshAsync(
        RefreshRequest request, AccountSessions sessions, IOptionsMonitor<BearerTokenOptions> bearer, HttpContext context, CancellationToken cancellationToken)
    {
        var ticket = bearer.Get(IdentityConstants.BearerScheme).RefreshTokenProtector.Unprotect(request.RefreshToken)?.Principal;
        return ticket?.FindFirstValue(AccountClaims.Session) is { } session
            && int.TryParse(ticket.FindFirstValue(AccountClaims.Refreshes), CultureInfo.InvariantCulture, out var refreshes)
            && await sessions.RefreshAsync(session, refreshes, context.RemoteAddress(), cancellationToken) is RefreshOutcome.Refreshed(var principal)
                ? TypedResults.SignIn(principal, authenticationScheme: IdentityConstants.BearerScheme)
                : ApiProblem.Result(401, "refresh-failed", "This refresh token is not valid (any more). Sign in again.");
    }

    private static async Task<ApiEnvelope<LoggedOut>> LogoutAsync(AccountSessions sessions, HttpContext context, CancellationToken cancellationToken)
    {
        var ended = await sessions.SignOutAsync(context.ToActor(), cancellationToken);
        return ApiEnvelope.Of(new LoggedOut(AlreadyEnded: ended == 0));
    }

    private static ApiEnvelope<CsrfToken> Csrf(HttpContext context, IAntiforgery antiforgery) =>
        ApiEnvelope.Of(new CsrfToken(ApiAntiforgery.Header, antiforgery.GetAndStoreTokens(context).RequestToken!));
}
