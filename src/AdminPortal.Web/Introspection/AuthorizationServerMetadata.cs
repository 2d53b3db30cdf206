using System.Text.Json.Serialization;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Targets;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Introspection;

/// <summary><c>/.well-known/oauth-authorization-server</c> (RFC 8414): where libraries find introspection. The portal issues tokens by pairing alone.</summary>
/// <param name="ResponseTypes">None: there is no authorization endpoint.</param>
internal sealed record AuthorizationServerMetadata(
    [property: JsonPropertyName("issuer")] string Issuer,
    [property: JsonPropertyName("introspection_endpoint")] string IntrospectionEndpoint,
    [property: JsonPropertyName("introspection_endpoint_auth_methods_supported")] IReadOnlyList<string> AuthMethods,
    [property: JsonPropertyName("scopes_supported")] IReadOnlyList<string> Scopes,
    [property: JsonPropertyName("response_types_supported")] IReadOnlyList<string> ResponseTypes)
{
    private static readonly string[] Methods = ["client_secret_basic", "client_secret_post"];

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/.well-known/oauth-authorization-server", (IOptions<PortalOptions> portal) =>
    {
        var root = portal.Value.PublicUrl.TrimEnd('/');
        return TypedResults.Json(new AuthorizationServerMetadata(root, $"{root}/api/qr/introspect", Methods, [.. ScopeLabels.All.Select(ScopeNames.Of)], []));
    }).AllowAnonymous().ExcludeFromDescription();
}
