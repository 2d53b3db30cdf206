using System.Security.Claims;

namespace AdminPortal.Core.Accounts;

/// <summary>What came of a refresh token.</summary>
public abstract record RefreshOutcome
{
    private RefreshOutcome()
    {
    }

    public sealed record Refreshed(ClaimsPrincipal Principal) : RefreshOutcome;

    /// <summary>Not valid, or used before: then its whole family is revoked.</summary>
    public sealed record Refused : RefreshOutcome;
}
