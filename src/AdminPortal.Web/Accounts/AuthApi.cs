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

    internal sealed record LoginRequest(string? Email, string? Password);

    internal sealed record RefreshRequest(string? RefreshToken);

    internal sealed record CsrfToken(string HeaderName, string Token);

    public static void MapAuthApi(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/api/auth").WithTags("Sign-in").WithMetadata(new RequestSizeLimitAttribute(MaximumBody));
        auth.MapPost("/login", LoginAsync).AllowAnonymous().RequireRateLimiting(SignInLimit.Policy)
            .WithSummary("Exchanges e-mail and password for a bearer token.")
            .Produces<AccessTokenResponse>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(429)
            .WithMetadata(
                new ApiExample("""{"email":"anna@example.org","password":"seven green lamps walk"}""", TokenExample),
                ApiExample.Problem(401, "sign-in-failed", "E-mail or password is wrong."));
        auth.MapPost("/refresh", RefreshAsync).AllowAnonymous().RequireRateLimiting(SignInLimit.Policy)
            .WithSummary("Exchanges a refresh token for a new bearer token.")
            .Produces<AccessTokenResponse>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(429)
            .WithMetadata(
                new ApiExample("""{"refreshToken":"CfDJ8Mz…"}""", TokenExample),
                ApiExample.Problem(401, "refresh-failed", "This refresh token is not valid (any more). Sign in again."));
        auth.MapGet("/csrf", Csrf).RequireAuthorization(Policies.SignedIn)
            .WithSummary($"The value of {ApiAntiforgery.Header} for changes made with the cookie.")
            .Produces<ApiEnvelope<CsrfToken>>().ProducesProblem(401)
            .WithMetadata(new ApiExample(null, """{"success":true,"data":{"headerName":"X-CSRF-TOKEN","token":"CfDJ8Pa…"}}"""));
    }

    private static async Task<IResult> LoginAsync(LoginRequest request, SignInCheck check, HttpContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Email) || string.IsNullOrEmpty(request.Password))
        {
            return ApiProblem.Result(400, "invalid-request", "Send email and password.");
        }

        return await check.CheckAsync(request.Email, request.Password, context.RemoteAddress(), cancellationToken) switch
        {
            SignInOutcome.SignedIn(var principal) => TypedResults.SignIn(principal, authenticationScheme: IdentityConstants.BearerScheme),
            SignInOutcome.LockedOut(var wait) => ApiProblem.Result(
                429, "locked-out", "Too many wrong passwords. Try again later.", retryAfter: wait),
            SignInOutcome.Disabled => ApiProblem.Result(401, "account-disabled", "This account is disabled. Ask an admin."),
            _ => ApiProblem.Result(401, "sign-in-failed", "E-mail or password is wrong."),
        };
    }

    private static async Task<IResult> RefreshAsync(
        RefreshRequest request, SignInManager<Account> signIn, IOptionsMonitor<BearerTokenOptions> bearer, TimeProvider time)
    {
        var ticket = bearer.Get(IdentityConstants.BearerScheme).RefreshTokenProtector.Unprotect(request.RefreshToken);
        return ticket?.Properties.ExpiresUtc is { } expires && time.GetUtcNow() < expires
            && await signIn.ValidateSecurityStampAsync(ticket.Principal) is { DisabledAt: null } account
                ? TypedResults.SignIn(await signIn.CreateUserPrincipalAsync(account), authenticationScheme: IdentityConstants.BearerScheme)
                : ApiProblem.Result(401, "refresh-failed", "This refresh token is not valid (any more). Sign in again.");
    }

    private static ApiEnvelope<CsrfToken> Csrf(HttpContext context, IAntiforgery antiforgery) =>
        ApiEnvelope.Of(new CsrfToken(ApiAntiforgery.Header, antiforgery.GetAndStoreTokens(context).RequestToken!));
}
