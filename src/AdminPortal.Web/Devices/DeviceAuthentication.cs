using System.Security.Claims;
using System.Text.Encodings.Web;
using AdminPortal.Core.Devices;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Introspection;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Devices;

/// <summary>The bearer tokens of devices, <c>dvc_…</c>. Looked up on every request, so a revocation holds from the next one on.</summary>
internal sealed class DeviceAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, DeviceTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private DeviceTokenOutcome? outcome;

    private bool IsAskedByProxies => Context.GetEndpoint()?.Metadata.GetMetadata<AskedByProxies>() is not null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        outcome = await tokens.AuthenticateAsync(header["Bearer ".Length..].Trim(), new DeviceCall(Context.RemoteAddress()), Context.RequestAborted);
        Context.Features.Set(outcome);
        if (outcome is not DeviceTokenOutcome.Valid device)
        {
            return AuthenticateResult.Fail("The device's token is not valid.");
        }

        Context.Features.Set(device); // what it may do was read with it: no endpoint asks again
        var identity = new ClaimsIdentity(
            [new Claim(Policies.DevicePairingClaim, device.PairingId), new Claim(ClaimTypes.Name, device.DeviceId)],
            Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        var answer = outcome switch
        {
            DeviceTokenOutcome.Revoked => ApiResults.Problem(401, "device-revoked", "This device is revoked.", "Pair it again."),
            DeviceTokenOutcome.Quarantined => ApiResults.Problem(401, "device-quarantined", "This device is quarantined.", "Ask an admin to release it."),
            DeviceTokenOutcome.Expired => ApiResults.Problem(401, "device-expired", "This device's pairing has expired.", "Pair it again."),
            DeviceTokenOutcome.TooMany { RetryAfter: var wait } => ApiResults.TooMany(wait, IsAskedByProxies ? StatusCodes.Status401Unauthorized : StatusCodes.Status429TooManyRequests),
            _ => ApiResults.Problem(401, "token-unknown", "The portal does not know this token.", "Pair the device."),
        };
        return answer.ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ApiResults.Forbidden("A device may not do this.").ExecuteAsync(Context);
}
