using System.Globalization;
using System.Security.Claims;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.SignInProviders;
using AdminPortal.Web.Accounts;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace AdminPortal.Web.SignInProviders;

/// <summary>What the portal adds to the framework's work: its own address, its own session, and a page for whatever goes wrong.</summary>
internal static class ProviderEvents
{
    /// <summary>A longer token would not fit into the cookie that waits for the second factor; without it the provider asks at sign-out.</summary>
    private const int LongestToken = 2_000;

    public static OpenIdConnectEvents For(string name, SignInProviderOptions provider, string publicUrl) => new()
    {
        OnRedirectToIdentityProvider = context =>
        {
            context.ProtocolMessage.RedirectUri = publicUrl + context.Options.CallbackPath; // not the host of the request, which could be made up
            if (context.HttpContext.User.Identity is { IsAuthenticated: true })
            {
                context.ProtocolMessage.Prompt = OpenIdConnectPrompt.Login; // who is signed in and comes again shows that it is them
            }

            return Task.CompletedTask;
        },
        OnRedirectToIdentityProviderForSignOut = context =>
        {
            (context.ProtocolMessage.PostLogoutRedirectUri, context.ProtocolMessage.ClientId) = (publicUrl + context.Options.SignedOutCallbackPath, context.Options.ClientId);
            context.ProtocolMessage.IdTokenHint = context.Properties.GetString(ProviderSignOut.Token);
            return Task.CompletedTask;
        },
        OnTokenValidated = context =>
        {
            // The framework asks whether a token is too old, not whether it is of tomorrow.
            var time = context.HttpContext.RequestServices.GetRequiredService<TimeProvider>();
            if (context.SecurityToken.IssuedAt > time.GetUtcNow().UtcDateTime.AddSeconds(provider.ClockSkewSeconds))
            {
                throw new SecurityTokenNotYetValidException("The token was issued in the future."); // Fail would forget where the person wanted to go
            }

            return Task.CompletedTask;
        },
        OnAccessDenied = async context =>
        {
            context.HandleResponse();
            await context.HttpContext.NoteAsync(name, ProviderRefusal.Cancelled);
            context.Response.Redirect(ProviderWords.PageOf(ProviderRefusal.Cancelled, name, LocalUrl.Or(context.ReturnUrl)));
        },
        OnTicketReceived = context => TakeInAsync(context, name, provider),
        OnRemoteFailure = context => RefuseAsync(context, name),
    };

    /// <summary>Ends by leading on: into the portal, to the second factor, or back to the sign-in page.</summary>
    private static async Task TakeInAsync(TicketReceivedContext context, string name, SignInProviderOptions provider)
    {
        context.HandleResponse();
        var services = context.HttpContext.RequestServices;
        var identity = Read(context.Principal!, name, provider, context.Properties?.GetTokenValue(OpenIdConnectParameterNames.IdToken));
        var returnUrl = LocalUrl.Or(context.ReturnUri);
        switch (await services.GetRequiredService<ProviderSignIn>().CheckAsync(identity, context.HttpContext.RemoteAddress(), context.HttpContext.RequestAborted))
        {
            case ProviderSignInOutcome.SignedIn(var accountId, var session)
                when await services.GetRequiredService<SecondFactors>().AfterPasswordAsync(accountId, session) is { } progress:
                await GoOnAsync(context.HttpContext, accountId, session with { AuthenticatedAt = AuthenticatedAt(context.Principal!, services.GetRequiredService<TimeProvider>().GetUtcNow()) }, progress, returnUrl);
                break;
            case ProviderSignInOutcome.Refused(var why):
                context.Response.Redirect(ProviderWords.PageOf(why, name, returnUrl));
                break;
            default:
                context.Response.Redirect(ProviderWords.PageOf(ProviderRefusal.Disabled, name, returnUrl));
                break;
        }
    }

    private static async Task GoOnAsync(HttpContext context, string accountId, ProviderSession session, SignInProgress progress, string returnUrl)
    {
        if (progress.Step is not SignInStep.Nothing)
        {
            context.RequestServices.GetRequiredService<StartedSignIn>().Keep(context, new(accountId, progress.Stamp, returnUrl, session));
            context.Response.Redirect(SecondFactorPage.Address);
            return;
        }

        var started = await context.StartSessionAsync(context.RequestServices.GetRequiredService<AccountSessions>(), accountId, session);
        context.RequestServices.GetRequiredService<KnownBrowsers>().Remember(context, accountId);
        context.Response.Redirect(started ? returnUrl : ProviderWords.PageOf(ProviderRefusal.Disabled, session.Provider, returnUrl));
    }

    /// <summary>A provider that let the person in without asking says so by an older time: that session is not fresh.</summary>
    private static DateTimeOffset? AuthenticatedAt(ClaimsPrincipal person, DateTimeOffset now) =>
        long.TryParse(person.FindFirstValue("auth_time"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < now.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static ProviderIdentity Read(ClaimsPrincipal person, string name, SignInProviderOptions provider, string? token)
    {
        var subject = person.FindFirst("sub")!;
        return new ProviderIdentity(
            name,
            person.FindFirstValue("iss") ?? subject.Issuer,
            subject.Value,
            person.FindFirstValue("email"),
            person.FindFirstValue(provider.EmailVerifiedClaim) is { } verified && (verified == "1" || bool.TryParse(verified, out var isTrue) && isTrue),
            Values(provider.RoleClaim),
            [.. Values("amr"), .. Values("acr")],
            person.FindFirstValue("sid"),
            token?.Length <= LongestToken ? token : null);

        string[] Values(string claim) => [.. person.FindAll(claim).Select(c => c.Value).Distinct(StringComparer.Ordinal)];
    }

    private static async Task RefuseAsync(RemoteFailureContext context, string name)
    {
        context.HandleResponse();
        var why = Why(context.Failure);
        context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ProviderEvents))
            .LogWarning("A sign-in at {Provider} failed ({Why}): {Error}", name, why, context.Failure?.Message);
        await context.HttpContext.NoteAsync(name, why);
        context.Response.Redirect(ProviderWords.PageOf(why, name, LocalUrl.Or(context.Properties?.RedirectUri)));
    }

    /// <summary>Into the record, bounded per source: anybody can send answers that nobody asked for.</summary>
    public static Task NoteAsync(this HttpContext context, string name, ProviderRefusal why) => context.RequestServices.GetRequiredService<RefusedAttempts>()
        .NoteAsync(context.ToActor(), $"sign-in with {name}", ProviderWords.NameOf(why));

    public static ProviderRefusal Why(Exception? failure) => Chain(failure).Select(Kind).FirstOrDefault(kind => kind is not null) ?? ProviderRefusal.NotAsked;

    private static ProviderRefusal? Kind(Exception failure) => failure switch
    {
        OpenIdConnectProtocolInvalidNonceException => ProviderRefusal.NotAsked,
        OpenIdConnectProtocolException protocol => protocol.Data["error"] switch
        {
            "access_denied" or "login_required" or "consent_required" or "interaction_required" => ProviderRefusal.Cancelled,
            "server_error" or "temporarily_unavailable" => ProviderRefusal.Away,
            "invalid_grant" => ProviderRefusal.NotAsked, // a code that was used before, or is too old
            _ => ProviderRefusal.NotValid,
        },
        SecurityTokenExpiredException or SecurityTokenNotYetValidException or SecurityTokenInvalidLifetimeException => ProviderRefusal.Clock,
        SecurityTokenException => ProviderRefusal.NotValid,
        HttpRequestException or IOException or TimeoutException or OperationCanceledException => ProviderRefusal.Away,
        InvalidOperationException when failure.Message.StartsWith("IDX20803", StringComparison.Ordinal) => ProviderRefusal.Away,
        _ => null,
    };

    private static IEnumerable<Exception> Chain(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            yield return failure;
        }
    }
}
