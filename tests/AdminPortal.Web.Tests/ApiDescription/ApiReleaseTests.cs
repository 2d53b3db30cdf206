using System.Text.Json.Nodes;
using AdminPortal.Web.Tests.Hosting;

namespace AdminPortal.Web.Tests.ApiDescription;

/// <summary>
/// Programs that were written against a release go on working. <c>docs/api/</c> has the document of each release; a release writes it with
/// <c>AdminPortal.Web.Tests -explicit only -method "*WriteDocumentOfThisRelease*"</c>.
/// </summary>
[Collection(ApiPortalCollection.Name)]
public sealed class ApiReleaseTests(ApiPortal portal)
{
    private const string Push = "/components/schemas/PushRequest";
    private static readonly string Folder = Path.Combine(NodeTools.Root(), "docs", "api");

    [Fact]
    public async Task Document_BesideThatOfItsRelease_BreaksNothing()
    {
        var now = await ServedAsync();
        var file = Path.Combine(Folder, $"v{Major(now)}.json");
        Assert.True(File.Exists(file), $"There is no {file}: a release of a new version writes it.");

        Assert.Empty(ApiDifferences.Breaking(Read(file), now));
    }

    [Fact(Explicit = true)]
    public async Task WriteDocumentOfThisRelease()
    {
        var text = (await portal.Anyone().GetAsync("/openapi/v1.json")).Text;
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(Path.Combine(Folder, $"v{Major(JsonNode.Parse(text)!.AsObject())}.json"), text, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Breaking_SameDocument_FindsNothing()
    {
        var now = await ServedAsync();

        Assert.Empty(ApiDifferences.Breaking(now, now.DeepClone().AsObject()));
    }

    [Theory]
    [InlineData("remove", "/paths/~api~sync~push", "post /api/sync/push is gone")]
    [InlineData("remove", "/paths/~api~qr~pair/get", "get /api/qr/pair is gone")]
    [InlineData("remove", "/components/schemas/PullAnswer/properties/cursor", "get /api/sync/pull: 200 application/json.data.cursor is gone")]
    [InlineData("remove", "/components/schemas/PullAnswer/required", "get /api/sync/pull: 200 application/json.data.head may be absent now")]
    [InlineData("add required state", Push, "post /api/sync/push: body application/json.state is required now")]
    [InlineData("remove", Push + "/properties/sentAt", "post /api/sync/push: body application/json.sentAt is gone")]
    [InlineData("set 50", Push + "/properties/ops/maxItems", "post /api/sync/push: body application/json.ops has maxItems 50 now")]
    [InlineData("shorten", "/components/schemas/CreateTask/properties/fields/properties/status/enum", "cannot be \"cancelled\" any more")]
    [InlineData("shorten", "/components/schemas/DeviceType/enum", "cannot be \"TABLET\" any more")]
    [InlineData("set string", "/components/schemas/PullAnswer/properties/head/type", "get /api/sync/pull: 200 application/json.data.head may be string now")]
    [InlineData("set getChanges", "/paths/~api~sync~pull/get/operationId", "get /api/sync/pull has another operationId")]
    [InlineData("remove", "/paths/~api~sync~pull/get/parameters", "get /api/sync/pull: parameter query cursor is gone")]
    [InlineData("remove", "/paths/~api~qr~pair/post/responses/201", "post /api/qr/pair: 201 is gone")]
    public async Task Breaking_DocumentThatLostSomething_NamesIt(string act, string place, string expected)
    {
        var (before, after) = (await ServedAsync(), await ServedAsync());
        var steps = place.TrimStart('/').Split('/').Select(step => step.Replace('~', '/')).ToList();
        var parent = steps.SkipLast(1).Aggregate((JsonNode)after, (node, step) => node[step]!).AsObject();
        switch (act.Split(' '))
        {
            case ["remove"]:
                Assert.True(parent.Remove(steps[^1]));
                break;
            case ["shorten"]:
                parent[steps[^1]]!.AsArray().RemoveAt(parent[steps[^1]]!.AsArray().Count - 1);
                break;
            case ["add", var list, var word]:
                parent[steps[^1]]![list]!.AsArray().Add(word);
                break;
            case ["set", var value]:
                parent[steps[^1]] = int.TryParse(value, out var number) ? number : value;
                break;
        }

        Assert.Contains(ApiDifferences.Breaking(before, after), difference => difference.Contains(expected, StringComparison.Ordinal));
    }

    private async Task<JsonObject> ServedAsync() => JsonNode.Parse((await portal.Anyone().GetAsync("/openapi/v1.json")).Text)!.AsObject();

    private static JsonObject Read(string file) => JsonNode.Parse(File.ReadAllText(file))!.AsObject();

    private static string Major(JsonObject document) => document["info"]!["version"]!.GetValue<string>().Split('.')[0];
}
