using System.Security.Claims;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace AdminPortal.Web.Accounts;

/// <summary>
/// Signs an open page out when its session ended or its account was disabled or changed: at once when the portal's database announces it, and
/// every 30 seconds for what nobody announces, such as an expiry. A circuit has no requests that would notice.
/// </summary>
internal sealed class AccountRevalidation : RevalidatingServerAuthenticationStateProvider
{
    private readonly SessionStanding standing;
    private readonly AccountSessionChanges changes;
    private readonly ILogger logger;
    private IDisposable? subscription;
    private int used;
    private volatile bool disposed;

    public AccountRevalidation(ILoggerFactory loggers, SessionStanding standing, AccountSessionChanges changes)
        : base(loggers)
    {
        (this.standing, this.changes) = (standing, changes);
        logger = loggers.CreateLogger<AccountRevalidation>();
    }

    protected override TimeSpan RevalidationInterval => SignInRules.Revalidation;

    /// <summary>
    /// From the opening of a circuit on; what happened since its request was looked up is asked for now. A plain request is not watched: it may
    /// itself be what ends the session, and has an answer to give.
    /// </summary>
    public Task WatchAsync()
    {
        subscription ??= changes.Subscribe(accountId => _ = LookAsync(accountId));
        return LookAsync(accountId: null);
    }

    /// <summary>The person did something on the page: the session's idle time counts from here.</summary>
    public void Use() => Volatile.Write(ref used, 1);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        try
        {
            var actor = authenticationState.User.ToActor(address: null);
            return await standing.IsAliveAsync(actor, Interlocked.Exchange(ref used, 0) == 1, cancellationToken);
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception))
        {
            return true; // the portal's database is away, not the account; every write asks again
        }
    }

    protected override void Dispose(bool disposing)
    {
        disposed = true;
        subscription?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Called on the listener's thread.</summary>
    private async Task LookAsync(string? accountId)
    {
        await Task.Yield();
        if (disposed || await StateAsync() is not { } state)
        {
            return;
        }

        try
        {
            if (state.User.FindFirstValue(ClaimTypes.NameIdentifier) is { } id && (accountId is null || accountId == id)
                && !await ValidateAuthenticationStateAsync(state, CancellationToken.None) && !disposed)
            {
                SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity()))));
            }
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "An open page could not be looked at; the next try is in {Pause}.", RevalidationInterval);
        }
    }

    /// <summary>Null while the page is only being opened: its request has just been looked up.</summary>
    private async Task<AuthenticationState?> StateAsync()
    {
        try
        {
            return await GetAuthenticationStateAsync();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
