using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AdminPortal.Testing;

/// <summary>
/// An organisation's own sign-in: an OpenID Connect server on this machine, with one person. A test says what it tells of that person, and
/// what is wrong with its tokens.
/// </summary>
public sealed class TestProvider : IAsyncDisposable
{
    public const string ClientId = "portal";
    public const string ClientSecret = "a secret between the two";
    private const string Cookie = "Person";
    private readonly WebApplication app;

    private TestProvider()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        var name = $"provider-{Guid.CreateVersion7()}";
        builder.Services.AddDbContext<ProviderDb>(db => db.UseInMemoryDatabase(name).UseOpenIddict());
        builder.Services.AddAuthentication(Cookie).AddCookie(Cookie, cookie => cookie.Cookie.Name = "test-provider");
        builder.Services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<ProviderDb>().DisableBulkOperations())
            .AddServer(Configure);
        app = builder.Build();
        app.UseDeveloperExceptionPage();
        app.UseAuthentication();
        app.MapMethods("/authorize", ["GET", "POST"], (Delegate)AuthorizeAsync);
        app.MapPost("/me", (Delegate)RememberAsync);
        app.MapMethods("/sign-out", ["GET", "POST"], (Delegate)SignOutAsync);
        app.MapGet("/favicon.ico", () => Results.NoContent());
        app.MapGet("/userinfo", () => Results.Json(new { sub = Subject }));
    }

    /// <summary>What the portal calls it.</summary>
    public const string Name = "clinic";

    public Uri Address => new(app.Urls.First());

    public string Subject { get; set; } = "person-1";

    public string? Email { get; set; } = "anna@example.org";

    public bool EmailVerified { get; set; } = true;

    public string[] Roles { get; set; } = [];

    public string[] Methods { get; set; } = ["pwd"];

    public string SessionId { get; set; } = "session-1";

    /// <summary>True: a page asks first, and remembers the person.</summary>
    public bool Asks { get; set; }

    /// <summary>True: it answers that the person may not.</summary>
    public bool Denies { get; set; }

    /// <summary>Set: every token carries this nonce.</summary>
    public string? WrongNonce { get; set; }

    /// <summary>How wrong its clock is.</summary>
    public TimeSpan Clock { get; set; }

    /// <summary>How often somebody signed out there.</summary>
    public int SignOuts { get; private set; }

    public static async Task<TestProvider> StartAsync(CancellationToken cancellationToken)
    {
        var provider = new TestProvider();
        await provider.app.StartAsync(cancellationToken);
        return provider;
    }

    /// <summary>Tells it of the portal, as its operator does.</summary>
    public async Task RegisterAsync(string portalUrl, CancellationToken cancellationToken)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>().CreateAsync(new OpenIddictApplicationDescriptor
        {
            ClientId = ClientId,
            ClientSecret = ClientSecret,
            ConsentType = ConsentTypes.Implicit,
            RedirectUris = { new Uri($"{portalUrl}/sign-in/with/{Name}/back") },
            PostLogoutRedirectUris = { new Uri($"{portalUrl}/sign-in/with/{Name}/signed-out") },
            Permissions =
            {
                Permissions.Endpoints.Authorization, Permissions.Endpoints.Token, Permissions.Endpoints.EndSession,
                Permissions.GrantTypes.AuthorizationCode, Permissions.ResponseTypes.Code, Permissions.Scopes.Email, Permissions.Scopes.Profile,
            },
            Requirements = { Requirements.Features.ProofKeyForCodeExchange },
        }, cancellationToken);
    }

    /// <summary>What the portal has to be told.</summary>
    public Dictionary<string, string?> Settings(params (string Key, string Value)[] more) => new (string Key, string Value)[]
    {
        ("Title", "Clinic"), ("Authority", Address.ToString()), ("ClientId", ClientId), ("ClientSecret", ClientSecret),
    }.Concat(more).ToDictionary(s => $"SignIn:Providers:{Name}:{s.Key}", s => (string?)s.Value);

    /// <summary>From now on it signs with another key, and no longer publishes the old one.</summary>
    public void RotateKey()
    {
        var options = app.Services.GetRequiredService<IOptionsMonitor<OpenIddictServerOptions>>().CurrentValue;
        options.SigningCredentials.Clear();
        options.SigningCredentials.Add(NewKey());
    }

    /// <summary>A logout token (back channel), as this provider signs it.</summary>
    /// <param name="change">What a forged one has in place of the right claims.</param>
    public string LogoutToken(Action<Dictionary<string, object>>? change = null, SigningCredentials? key = null)
    {
        var claims = new Dictionary<string, object>
        {
            ["sub"] = Subject,
            ["jti"] = Guid.CreateVersion7().ToString(),
            ["events"] = new Dictionary<string, object> { ["http://schemas.openid.net/event/backchannel-logout"] = new Dictionary<string, object>() },
        };
        change?.Invoke(claims);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Address.ToString(),
            Audience = ClientId,
            IssuedAt = now,
            Expires = now.AddMinutes(2),
            Claims = claims,
            SigningCredentials = key ?? app.Services.GetRequiredService<IOptionsMonitor<OpenIddictServerOptions>>().CurrentValue.SigningCredentials[0],
        });
    }

    public static SigningCredentials NewKey() => new(new RsaSecurityKey(RSA.Create(2048)) { KeyId = Guid.CreateVersion7().ToString("N") }, SecurityAlgorithms.RsaSha256);

    public Task StopAsync(CancellationToken cancellationToken) => app.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private void Configure(OpenIddictServerBuilder server)
    {
        server.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token").SetEndSessionEndpointUris("sign-out").SetUserInfoEndpointUris("userinfo");
        server.AllowAuthorizationCodeFlow().RegisterScopes(Scopes.Email, Scopes.Profile);
        server.AddSigningCredentials(NewKey()).AddEphemeralEncryptionKey();
        server.UseAspNetCore().DisableTransportSecurityRequirement()
            .EnableAuthorizationEndpointPassthrough().EnableEndSessionEndpointPassthrough().EnableUserInfoEndpointPassthrough();
        server.AddEventHandler<GenerateTokenContext>(handler => handler
            .UseInlineHandler(Spoil).SetOrder(int.MinValue + 50_000));
    }

    /// <summary>Before an identity token is signed.</summary>
    private ValueTask Spoil(GenerateTokenContext context)
    {
        if (context.TokenType == TokenTypeIdentifiers.IdentityToken)
        {
            context.Principal.SetCreationDate(context.Principal.GetCreationDate() + Clock).SetExpirationDate(context.Principal.GetExpirationDate() + Clock);
            if (WrongNonce is { } nonce)
            {
                context.Principal.SetClaim(Claims.Nonce, nonce);
            }
        }

        return default;
    }

    private async Task<IResult> AuthorizeAsync(HttpContext context)
    {
        var request = context.GetOpenIddictServerRequest()!;
        if (Denies)
        {
            return Results.Forbid(new AuthenticationProperties(new Dictionary<string, string?>
            {
                [OpenIddictServerAspNetCoreConstants.Properties.Error] = Errors.AccessDenied,
            }), [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
        }

        if (Asks && !(await context.AuthenticateAsync(Cookie)).Succeeded)
        {
            var back = Uri.EscapeDataString(context.Request.Path + context.Request.QueryString);
            return Results.Content($"<h1>Sign in to the clinic</h1><form method=\"post\" action=\"/me?to={WebUtility.HtmlEncode(back)}\"><button>It is me</button></form>", "text/html");
        }

        var identity = new ClaimsIdentity("test", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, Subject).SetClaim(Claims.Email, Email).SetClaim("sid", SessionId);
        identity.AddClaim(new Claim(Claims.EmailVerified, EmailVerified ? "true" : "false", ClaimValueTypes.Boolean));
        identity.SetClaims("roles", [.. Roles]).SetClaims(Claims.AuthenticationMethodReference, [.. Methods]);
        identity.SetScopes(request.GetScopes());
        identity.SetDestinations(static _ => [Destinations.IdentityToken]);
        return Results.SignIn(new ClaimsPrincipal(identity), properties: null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private async Task<IResult> RememberAsync(HttpContext context)
    {
        await context.SignInAsync(Cookie, new ClaimsPrincipal(new ClaimsIdentity([new Claim(Claims.Subject, Subject)], Cookie)));
        return Results.LocalRedirect(context.Request.Query["to"].ToString());
    }

    private async Task<IResult> SignOutAsync(HttpContext context)
    {
        SignOuts++;
        await context.SignOutAsync(Cookie);
        return Results.SignOut(properties: null, [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
    }

    private sealed class ProviderDb(DbContextOptions<ProviderDb> options) : DbContext(options);
}
