using System.Security.Claims;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Data.Accounts;

namespace AdminPortal.Web.Hosting;

/// <summary>From the signed-in principal to the <see cref="Actor"/> that services take. The one place that reads a person's claims.</summary>
internal static class PrincipalActor
{
    /// <summary>For questions about the principal itself; who is going to write is asked for with <see cref="ToActor(HttpContext)"/>.</summary>
    /// <param name="address">Where the request came from; null in a circuit, which has no request.</param>
    public static Actor ToActor(this ClaimsPrincipal principal, string? address)
    {
        if (principal.FindFirstValue(Policies.DevicePairingClaim) is { } pairingId)
        {
            return new Actor($"device:{pairingId}", principal.Identity?.Name, null, principal.FindFirstValue(AccountClaims.AppUserId), address);
        }

        return principal.FindFirstValue(ClaimTypes.NameIdentifier) is { } id && Enum.TryParse<AccountRole>(principal.FindFirstValue(ClaimTypes.Role), out var role)
            ? new Actor(id, principal.Identity?.Name, role, principal.FindFirstValue(AccountClaims.AppUserId), address)
            {
                SessionId = principal.FindFirstValue(AccountClaims.Session),
            }
            : Actor.Anonymous(address);
    }

    public static Actor ToActor(this HttpContext context) =>
        context.User.ToActor(context.RemoteAddress()).Of(context.RequestServices.GetRequiredService<IActorStanding>());

    /// <summary>The actor with the standing that every write asks for again. A device's token is looked up on every call already.</summary>
    public static Actor Of(this Actor actor, IActorStanding standing) => actor.IsPerson ? actor with { Standing = standing } : actor;

    public static string? RemoteAddress(this HttpContext context) =>
        context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped
            ? mapped.MapToIPv4().ToString()
            : context.Connection.RemoteIpAddress?.ToString();
}
