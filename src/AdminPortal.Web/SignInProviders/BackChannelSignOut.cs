using System.Text.Json;
using System.Text.Json.Serialization;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.SignInProviders;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace AdminPortal.Web.SignInProviders;

/// <summary>
/// <c>POST /sign-in/with/NAME/back-channel-sign-out</c>: the provider says itself that somebody signed out there (OpenID Connect Back-Channel
/// Logout 1.0). Its signed token says who; what came from that sign-in ends at once.
/// </summary>
internal static class BackChannelSignOut
{
    private const int MaximumBody = 16 * 1024;
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/sign-in/with/{provider}/back-channel-sign-out", EndAsync).AllowAnonymous().ExcludeFromDescription()
            .WithMetadata(new RequestSizeLimitAttribute(MaximumBody));

    private static async Task<IResult> EndAsync(
        string provider, IOptions<SignInOptions> signIn, IOptionsMonitor<OpenIdConnectOptions> schemes, AccountSessions sessions, HttpContext context, CancellationToken cancellationToken)
    {
        if (signIn.Value.Providers.GetValueOrDefault(provider) is not { } settings)
        {
            return Refused("invalid_request", StatusCodes.Status404NotFound); // with a body: no page for people
        }

        context.Response.Headers.CacheControl = "no-store";
        var token = context.Request.HasFormContentType ? (await context.Request.ReadFormAsync(cancellationToken))["logout_token"].ToString() : "";
        try
        {
            if (await ReadAsync(token, schemes.Get(ProviderSchemes.SchemeOf(provider)), cancellationToken) is not { } said)
            {
                await context.NoteAsync(provider, ProviderRefusal.NotValid);
                return Refused("invalid_request", StatusCodes.Status400BadRequest);
            }

            var until = said.IssuedAt + TimeSpan.FromSeconds(settings.ClockSkewSeconds);
            await sessions.EndByProviderAsync(provider, said.Subject, said.SessionId, until, context.RemoteAddress(), cancellationToken);
            return TypedResults.Ok();
        }
        catch (Exception failure) when (ProviderEvents.Why(failure) is ProviderRefusal.Away)
        {
            return Refused("temporarily_unavailable", StatusCodes.Status503ServiceUnavailable); // its keys could not be had
        }
    }

    private sealed record Said(string? Subject, string? SessionId, DateTimeOffset IssuedAt);

    /// <summary>Null: it is no such token, or not of this provider for this portal.</summary>
    private static async Task<Said?> ReadAsync(string token, OpenIdConnectOptions scheme, CancellationToken cancellationToken)
    {
        var manager = scheme.ConfigurationManager!;
        var configuration = await manager.GetConfigurationAsync(cancellationToken);
        var result = await ValidateAsync(token, scheme, configuration);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            manager.RequestRefresh(); // its keys may be new
            result = await ValidateAsync(token, scheme, await manager.GetConfigurationAsync(cancellationToken));
        }

        return result is { IsValid: true, SecurityToken: JsonWebToken jwt } && IsSignOut(jwt) ? new Said(Claim(jwt, "sub"), Claim(jwt, "sid"), new DateTimeOffset(jwt.IssuedAt, TimeSpan.Zero)) : null;
    }

    private static Task<TokenValidationResult> ValidateAsync(string token, OpenIdConnectOptions scheme, OpenIdConnectConfiguration configuration) =>
        scheme.TokenHandler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = configuration.Issuer,
            ValidAudience = scheme.ClientId,
            IssuerSigningKeys = configuration.SigningKeys,
            ClockSkew = scheme.TokenValidationParameters.ClockSkew,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
        });

    /// <summary>With the one event, and without a nonce: no other token of the provider can stand in for it.</summary>
    private static bool IsSignOut(JsonWebToken jwt) =>
        jwt.TryGetPayloadValue<JsonElement>("events", out var events) && events.ValueKind is JsonValueKind.Object && events.TryGetProperty(Event, out _)
        && Claim(jwt, "nonce") is null && jwt.IssuedAt > DateTime.MinValue && (Claim(jwt, "sub") ?? Claim(jwt, "sid")) is not null;

    private static string? Claim(JsonWebToken jwt, string name) => jwt.TryGetPayloadValue<string>(name, out var value) && !string.IsNullOrEmpty(value) ? value : null;

    private sealed record Problem([property: JsonPropertyName("error")] string Error);

    private static JsonHttpResult<Problem> Refused(string error, int status) => TypedResults.Json(new Problem(error), statusCode: status);
}
