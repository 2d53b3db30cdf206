using System.Text.Json;
using System.Text.Json.Nodes;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Permissions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AdminPortal.Web.ApiDescription;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>, and the page at <c>/api/docs</c> that shows it to people who signed in.</summary>
internal static class ApiDocument
{
    private const string Address = "/openapi/v1.json";
    public const string Page = "/api/docs";

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "AdminPortal";
            document.Info.Description =
                "Success bodies are {\"success\":true,\"data\":…}. Errors are RFC 9457 problem details with \"success\":false beside; "
                + "\"type\" ends in a kebab-case name for programs to switch on. Times are UTC, ISO 8601.";
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["person"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "accessToken of POST /api/auth/login" },
                ["device"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "sessionToken of a paired device, dvc_…" },
            };
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer(ScopeSchema);
        options.AddOperationTransformer(Examples);
    });

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi(Address).AllowAnonymous();
        // No endpoint matches the page, so the fallback policy has sent strangers to the sign-in page before this.
        app.UseSwaggerUI(ui =>
        {
            ui.RoutePrefix = Page.TrimStart('/');
            ui.SwaggerEndpoint(Address, "AdminPortal");
            ui.DocumentTitle = "AdminPortal API";
        });
    }

    /// <summary>A scope is a word, or an object with its expiry.</summary>
    private static Task ScopeSchema(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Type == typeof(ScopeEntry))
        {
            var names = Enum.GetValues<Data.Permissions.PermissionScope>().Select(s => (JsonNode)Core.Permissions.ScopeNames.Of(s)).ToList();
            var word = new OpenApiSchema { Type = JsonSchemaType.String, Enum = names };
            var full = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string> { "scope" },
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["scope"] = word,
                    ["expiresAt"] = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null, Format = "date-time" },
                },
            };
            schema.Type = null;
            schema.OneOf = [word, full];
        }

        return Task.CompletedTask;
    }

    private static Task Examples(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var example = context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiExample>().LastOrDefault();
        if (example?.Request is { } request && operation.RequestBody?.Content?.TryGetValue("application/json", out var body) == true)
        {
            body.Example = JsonNode.Parse(request);
        }

        foreach (var (code, response) in operation.Responses ?? [])
        {
            if (!int.TryParse(code, out var status) || response.Content is null)
            {
                continue;
            }

            foreach (var content in response.Content.Values)
            {
                content.Example = status >= 400 && status != 503 ? JsonSerializer.SerializeToNode(ApiProblem.For(status))
                    : example?.Response is { } answer && status is >= 200 and < 300 ? JsonNode.Parse(answer) : content.Example;
            }
        }

        return Task.CompletedTask;
    }
}

/// <summary>Example bodies of an endpoint, as JSON.</summary>
internal sealed record ApiExample(string? Request, string? Response);
