using AdminPortal.Core.Sync;
using AdminPortal.Core.Targets;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace AdminPortal.Web.ApiDescription;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>, and the page at <c>/api/docs</c> that shows it to people who signed in.</summary>
internal static class ApiDocument
{
    /// <summary>A difference that breaks a program raises the first number; docs/api/ has the document of each.</summary>
    public const string Version = "1.0.0";

    public const string Page = "/api/docs";
    private const string Address = "/openapi/v1.json";
    private const string Name = "v1";

    public static void AddApiDocument(this IServiceCollection services)
    {
        var types = new ApiTypes();
        services.AddSingleton(types);
        services.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddSchemaTransformer((_, context, _) =>
            {
                types.Add(context.JsonTypeInfo);
                return Task.CompletedTask;
            });
        });
        services.AddSingleton(provider => new ApiDocumentText(
            provider.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name), types, provider.GetRequiredService<EndpointDataSource>(), provider.GetRequiredService<SyncEntities>(), provider.GetRequiredService<IOptions<PortalOptions>>()));
    }

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapGet(Address, async (ApiDocumentText document, CancellationToken cancellationToken) => TypedResults.Text(await document.ReadAsync(cancellationToken), "application/json"))
            .AllowAnonymous().ExcludeFromDescription();
        // No endpoint matches the page, so the fallback policy has sent strangers to the sign-in page before this.
        app.UseSwaggerUI(ui =>
        {
            ui.RoutePrefix = Page.TrimStart('/');
            ui.SwaggerEndpoint(Address, "AdminPortal");
            ui.DocumentTitle = "AdminPortal API";
        });
    }
}
