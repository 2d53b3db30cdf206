using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AdminPortal.Core.Sync;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Core.Targets;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace AdminPortal.Web.ApiDescription;

/// <summary>
/// The document as it is served: what the framework finds out about the endpoints, completed with what only the portal knows. Made anew when what devices sync has changed.
/// </summary>
internal sealed class ApiDocumentText(IOpenApiDocumentProvider found, ApiTypes types, EndpointDataSource endpoints, SyncEntities entities, IOptions<PortalOptions> portal)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private volatile Made? made;

    private static readonly Dictionary<string, string> Tags = new(StringComparer.Ordinal)
    {
        ["Sign-in"] = "People's programs sign in, and out.",
        ["Pairing: the user's side"] = "A person makes a code, watches and answers.",
        ["Pairing: the device's side"] = "A device claims a code and collects its token.",
        ["Devices"] = "Devices that are paired, and the end of a pairing.",
        ["Devices: about itself"] = "What a device hears and says about its own pairing.",
        ["Permissions"] = "What devices may do, and what they ask for.",
        ["Introspection"] = "Services and proxies ask what a device's token allows.",
        ["Sync"] = "Devices work offline and reconcile. See docs/sync-client.md.",
        ["Health"] = "How the portal is.",
    };

    public async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        var shapes = await entities.ShapesAsync(cancellationToken);
        var known = JsonSerializer.Serialize(shapes);
        if (made is { } before && before.Shapes == known)
        {
            return before.Text;
        }

        var text = await MakeAsync(shapes, cancellationToken);
        made = new Made(known, text);
        return text;
    }

    private async Task<string> MakeAsync(IReadOnlyList<SyncShape> shapes, CancellationToken cancellationToken)
    {
        var document = await found.GetOpenApiDocumentAsync(cancellationToken);
        var root = JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken))!.AsObject();
        var url = portal.Value.PublicUrl.TrimEnd('/');
        root["info"] = new JsonObject
        {
            ["title"] = "AdminPortal",
            ["version"] = ApiDocument.Version,
            ["description"] = "Success bodies are {\"success\":true,\"data\":…}. Errors are RFC 9457 problem details with \"success\":false beside; "
                + "\"type\" ends in a kebab-case name for programs to switch on. Times are UTC, ISO 8601.",
            ["contact"] = new JsonObject { ["name"] = "Whoever runs this portal", ["url"] = url },
            ["license"] = new JsonObject { ["name"] = "As agreed with whoever runs this portal", ["url"] = url },
        };
        root["servers"] = new JsonArray(new JsonObject { ["url"] = url });
        root["tags"] = new JsonArray([.. Tags.Select(tag => new JsonObject { ["name"] = tag.Key, ["description"] = tag.Value })]);
        var components = (JsonObject)(root["components"] ??= new JsonObject());
        components["securitySchemes"] = ApiSecurity.Schemes(portal.Value);
        var schemas = (JsonObject)(components["schemas"] ??= new JsonObject());
        new ApiSchemas(types, shapes).Complete(schemas);
        new ApiOperations(endpoints).Complete((JsonObject)root["paths"]!);
        var entity = root["paths"]!["/api/sync/pull"]!["get"]!["parameters"]!.AsArray().First(p => p!["name"]!.GetValue<string>() == "entity")!;
        entity["schema"]!["enum"] = new JsonArray([.. shapes.Select(shape => JsonValue.Create(shape.Entity))]);
        ApiSchemas.RemoveUnused(root, schemas);
        return root.ToJsonString(Indented) + "\n";
    }

    private sealed record Made(string Shapes, string Text);
}
