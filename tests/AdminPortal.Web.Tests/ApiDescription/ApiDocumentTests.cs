using System.Net;
using System.Text.Json;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.ApiDescription;

/// <summary>The description names every call of the API, with a summary, its answers, and an example of every body.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class ApiDocumentTests(ApiPortal portal)
{
    [Fact]
    public async Task Document_HasEveryApiRoute()
    {
        var routes = portal.Portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(m => $"{m.ToLowerInvariant()} /{e.RoutePattern.RawText!.Trim('/')}"));

        var described = (await OperationsAsync()).Select(o => o.Name);

        Assert.Equal(routes.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Document_EveryOperation_HasSummaryAnswersAndExamples()
    {
        var missing = new List<string>();
        foreach (var (name, operation) in await OperationsAsync())
        {
            if (!operation.TryGetProperty("summary", out var summary) || summary.GetString() is not { Length: > 5 })
            {
                missing.Add($"{name}: summary");
            }

            if (operation.TryGetProperty("requestBody", out var body) && !HasExamples(body))
            {
                missing.Add($"{name}: example of the request");
            }

            missing.AddRange(operation.GetProperty("responses").EnumerateObject()
                .Where(response => response.Name != "204" && !HasExamples(response.Value)).Select(response => $"{name}: example of {response.Name}"));
        }

        Assert.Empty(missing);
    }

    [Fact]
    public async Task Document_EveryOperationForPeopleOrDevices_NamesTheirBearer()
    {
        var open = (await OperationsAsync()).Where(o => o.Operation.GetProperty("security").GetArrayLength() == 0).Select(o => o.Name).Order(StringComparer.Ordinal);

        Assert.Equal(
            ["get /api/health", "post /api/auth/login", "post /api/auth/refresh", "post /api/qr/pair", "post /api/qr/pair/preview"], open);
    }

    [Fact]
    public async Task Document_ExamplesOfProblems_AreNamesThatTheCallHas()
    {
        var claim = (await OperationsAsync()).Single(o => o.Name == "post /api/qr/pair").Operation;

        var names = claim.GetProperty("responses").EnumerateObject().Where(r => r.Name[0] == '4')
            .ToDictionary(r => r.Name, r => r.Value.GetProperty("content").EnumerateObject().First().Value.GetProperty("example").GetProperty("type").GetString()!.Split(':')[^1]);

        Assert.Equal("invalid-request 400, code-wrong 403, code-used 409, code-expired 410, request-too-large 413, unsupported-media-type 415, too-many-requests 429",
            string.Join(", ", names.OrderBy(n => n.Key, StringComparer.Ordinal).Select(n => $"{n.Value} {n.Key}")));
    }

    private async Task<List<(string Name, JsonElement Operation)>> OperationsAsync()
    {
        var answer = await portal.Anyone().GetAsync("/openapi/v1.json");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. answer.Json.GetProperty("paths").EnumerateObject().SelectMany(
            path => path.Value.EnumerateObject().Select(operation => ($"{operation.Name} {path.Name}", operation.Value)))];
    }

    private static bool HasExamples(JsonElement body) => body.TryGetProperty("content", out var content)
        && content.EnumerateObject().All(type => type.Value.TryGetProperty("example", out _));
}
