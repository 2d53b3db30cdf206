using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>An answer of the API, read to its end.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, string? ContentType, string Text, HttpResponseHeaders Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    private string Unexpected => $"{(int)Status}: {Text}{((int)Status >= 500 ? Environment.NewLine + ServerErrors.Text : "")}";

    public static async Task<ApiAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken) => new(
        response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(cancellationToken), response.Headers);

    /// <summary>The data of a success with this status, in the guides' envelope and nothing beside.</summary>
    public JsonElement Data(HttpStatusCode status = HttpStatusCode.OK)
    {
        Assert.True(Status == status, $"{(int)status} was expected; {Unexpected}");
        Assert.Equal("application/json", ContentType);
        Assert.Equal(["success", "data"], Names(Json));
        Assert.True(Json.GetProperty("success").GetBoolean());
        return Json.GetProperty("data");
    }

    /// <summary>A problem of this status and name, as programs read it; people find a title in it.</summary>
    public JsonElement IsProblem(HttpStatusCode status, string name)
    {
        Assert.True(Status == status, $"{(int)status} {name} was expected; {Unexpected}");
        Assert.Equal("application/problem+json", ContentType);
        Assert.Equal($"urn:adminportal:problem:{name}", Json.GetProperty("type").GetString());
        Assert.Equal((int)status, Json.GetProperty("status").GetInt32());
        Assert.False(Json.GetProperty("success").GetBoolean());
        Assert.NotEmpty(Json.GetProperty("title").GetString()!);
        return Json;
    }

    public static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
