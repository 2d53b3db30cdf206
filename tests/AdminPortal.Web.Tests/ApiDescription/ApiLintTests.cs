using AdminPortal.Web.Tests.Hosting;

namespace AdminPortal.Web.Tests.ApiDescription;

/// <summary>What the usual judges of OpenAPI documents say of the portal's: nothing, not even a warning.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class ApiLintTests(ApiPortal portal)
{
    [Fact]
    public async Task Document_InRedoclysEyes_HasNeitherErrorNorWarning()
    {
        var said = await NodeTools.RunAsync("redocly", ["lint", "--config", "redocly.yaml", "--format", "stylish", "--max-problems", "1000", await WriteAsync("redocly")]);

        Assert.Contains("Your API description is valid", said, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\d+:\d+\s+warning", said);
    }

    [Fact]
    public async Task Document_InSpectralsEyes_HasNeitherErrorNorWarning() =>
        await NodeTools.RunAsync("spectral", ["lint", "--ruleset", "spectral.yaml", "--fail-severity", "hint", "--quiet", await WriteAsync("spectral")]);

    private async Task<string> WriteAsync(string name)
    {
        var file = Path.Combine(NodeTools.Folder(name), "v1.json");
        await File.WriteAllTextAsync(file, (await portal.Anyone().GetAsync("/openapi/v1.json")).Text, TestContext.Current.CancellationToken);
        return file;
    }
}
