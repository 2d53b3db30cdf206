using AdminPortal.Core.Devices;
using AdminPortal.Core.Introspection;
using AdminPortal.Core.Permissions;
using AdminPortal.Data.Permissions;
using AdminPortal.Web.ApiDescription;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Introspection;

/// <summary>
/// <c>GET /api/qr/authorize</c>: forward authentication. A proxy asks with the device's own token whether a request may pass. By the
/// status alone, because proxies read nothing else, and introspection's 200 for a token that is dead would let everyone in.
/// </summary>
internal static class AuthorizeEndpoint
{
    public static void MapAuthorize(this IEndpointRouteBuilder api) =>
        api.MapGet("/qr/authorize", Authorize)
            .RequireAuthorization(Policies.Device)
            .WithTags("Introspection")
            .WithName("authorizeRequest").WithSummary("Let a proxy ask whether a device may pass")
            .WithDescription(
                "Forward authentication for nginx, Traefik, Caddy and Envoy, with the device's own token: 204 with X-Portal-User, X-Portal-Device, X-Portal-Device-Type and "
                + "X-Portal-Scopes, 401 for everything that is not a live token, 403 when a scope is missing. scope takes several, separated by spaces or repeated; all are needed. "
                + "Never use introspection for this: it answers 200 to every question.")
            .Produces(StatusCodes.Status204NoContent)
            .Problems(400, "invalid-request").Problems(401, "too-many-requests").Problems(403, "insufficient-scope")
            .WithMetadata(
                new AskedByProxies(),
                new ApiHeader(204, "X-Portal-User", "The person's id; percent-encoded where a header cannot carry it."),
                new ApiHeader(204, "X-Portal-Device", "The device's id, likewise."),
                new ApiHeader(204, "X-Portal-Device-Type", "Such as MOBILE_IOS."),
                new ApiHeader(204, "X-Portal-Scopes", "Every scope in force, separated by spaces."),
                new ApiHeader(401, "Retry-After", "With too-many-requests: seconds after which trying again makes sense."),
                ApiExample.Problem(401, "device-revoked", "This device's pairing was ended."),
                ApiExample.Problem(403, "insufficient-scope", "This device may not do this."));

    private static IResult Authorize(HttpContext context, string[]? scope)
    {
        if (AskedScopes.Parse(scope ?? []) is not { } asked)
        {
            return ApiResults.Invalid(AskedScopes.Wanted);
        }

        var state = TokenState.Of(context.Features.Get<DeviceTokenOutcome.Valid>()!);
        if (asked.Except(state.Scopes).Any())
        {
            var needed = Words(asked);
            context.Response.Headers.WWWAuthenticate = $"Bearer error=\"insufficient_scope\", scope=\"{needed}\"";
            return ApiResults.Problem(403, "insufficient-scope", "This device may not do this.", $"It needs {needed}. Ask for it, or have its owner grant it.");
        }

        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers["X-Portal-User"] = Carried(state.UserId);
        headers["X-Portal-Device"] = Carried(state.DeviceId);
        headers["X-Portal-Device-Type"] = DeviceTypeLabels.NameOf(state.DeviceType);
        headers["X-Portal-Scopes"] = Words(state.Scopes);
        return TypedResults.NoContent();
    }

    private static string Words(IEnumerable<PermissionScope> scopes) => string.Join(AskedScopes.Separator, scopes.Distinct().Select(ScopeNames.Of));

    /// <summary>As it is where a header can carry that, else percent-encoded as a whole; decoding gives the id in both cases.</summary>
    private static string Carried(string id) => id.All(c => c is > ' ' and < '\u007f' and not '%') ? id : Uri.EscapeDataString(id);
}
