using System.Text.Json;
using System.Text.Json.Nodes;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Permissions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace AdminPortal.Web.ApiDescription;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>, and the page at <c>/api/docs</c> that shows it to people who signed in.</summary>
internal static class ApiDocument
{
    private const string Address = "/openapi/v1.json";
    public const string Page = "/api/docs";
    private static readonly string[] Person = ["person"];
    private static readonly string[] Device = ["device"];
    private static readonly string[] Service = ["service"];
    private static readonly string[] PersonOrDevice = ["person", "device"];

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.AddDocumentTransformer((document, context, _) =>
        {
            document.Info.Title = "AdminPortal";
            document.Info.Description =
                "Success bodies are {\"success\":true,\"data\":…}. Errors are RFC 9457 problem details with \"success\":false beside; "
                + "\"type\" ends in a kebab-case name for programs to switch on. Times are UTC, ISO 8601.";
            document.Servers = [new OpenApiServer { Url = context.ApplicationServices.GetRequiredService<IOptions<PortalOptions>>().Value.PublicUrl }];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["person"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "accessToken of POST /api/auth/login" },
                ["device"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "sessionToken of a paired device, dvc_…" },
                ["service"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "a key of the page Service keys, svc_…" },
            };
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer(EnumSchemas);
        options.AddOperationTransformer(Examples);
        options.AddOperationTransformer(Security);
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

    /// <summary>Enums are their labels. A scope is a word, or an object with its expiry.</summary>
    private static Task EnumSchemas(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(PermissionScope) || type == typeof(DeviceType))
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = type == typeof(DeviceType) ? Labels<DeviceType>() : Labels<PermissionScope>();
        }
        else if (context.JsonPropertyInfo?.CustomConverter is OffsetTimes)
        {
            schema.Type = JsonSchemaType.String | JsonSchemaType.Null;
            schema.Format = "date-time";
        }
        else if (type == typeof(ScopeEntry))
        {
            var word = new OpenApiSchema { Type = JsonSchemaType.String, Enum = Labels<PermissionScope>() };
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

    private static List<JsonNode> Labels<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(value => JsonSerializer.SerializeToNode(value)!)];

    /// <summary>Who may call it, as the policy says; what no policy guards anyone may call.</summary>
    private static Task Security(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (!metadata.OfType<IAllowAnonymous>().Any())
        {
            var schemes = metadata.OfType<IAuthorizeData>().LastOrDefault()?.Policy switch
            {
                Policies.Device => Device,
                Policies.Service => Service,
                Policies.PersonOrDevice => PersonOrDevice,
                _ => Person,
            };
            operation.Security = [.. schemes.Select(scheme => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] })];
        }

        return Task.CompletedTask;
    }

    private static Task Examples(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var examples = context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiExample>().ToList();
        if (examples.Find(e => e.Request is not null) is { Request: { } request })
        {
            foreach (var body in operation.RequestBody?.Content?.Values ?? [])
            {
                body.Example = JsonNode.Parse(request);
            }
        }

        foreach (var (code, response) in operation.Responses ?? [])
        {
            foreach (var (mediaType, content) in response.Content?.AsEnumerable() ?? [])
            {
                var ofThisForm = examples.FindAll(e => e.MediaType == mediaType);
                content.Example = int.TryParse(code, out var status) ? Example(ofThisForm.Count > 0 ? ofThisForm : examples.FindAll(e => e.MediaType is null), status) : null;
            }
        }

        return Task.CompletedTask;
    }

    private static JsonNode? Example(List<ApiExample> examples, int status)
    {
        var own = examples.Find(e => e.Response is not null && e.Status == status)
            ?? examples.Find(e => e.Response is not null && e.Status is null && status is >= 200 and < 300);
        return own is not null ? JsonNode.Parse(own.Response!) : status >= 400 ? JsonSerializer.SerializeToNode(ApiProblem.For(status)) : null;
    }
}
