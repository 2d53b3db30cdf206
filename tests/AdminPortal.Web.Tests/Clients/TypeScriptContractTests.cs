using AdminPortal.Web.Tests.ApiDescription;
using AdminPortal.Web.Tests.Hosting;

namespace AdminPortal.Web.Tests.Clients;

/// <summary>The client that openapi-typescript makes of the API's document compiles strictly, and does what a device does.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class TypeScriptContractTests(ApiPortal portal)
{
    [Fact]
    public async Task GeneratedClient_Strict_PairsChangesPermissionsPushesAndPulls()
    {
        var folder = Directory.CreateDirectory(Path.Combine(NodeTools.Clients, "contract", "generated")).FullName;
        var document = Path.Combine(folder, "v1.json");
        await File.WriteAllTextAsync(document, (await portal.Anyone().GetAsync("/openapi/v1.json")).Text, TestContext.Current.CancellationToken);
        await NodeTools.RunAsync("openapi-typescript", [document, "--output", Path.Combine(folder, "v1.d.ts")]);
        var unknown = (await File.ReadAllLinesAsync(Path.Combine(folder, "v1.d.ts"), TestContext.Current.CancellationToken))
            .Where(line => line.Contains(": unknown", StringComparison.Ordinal) && line.Trim() != "[name: string]: unknown;"); // headers besides those that are declared
        Assert.Empty(unknown);
        await NodeTools.RunAsync("tsc", ["--project", "contract/tsconfig.json"]);

        var person = await portal.NewPersonAsync();
        var said = await NodeTools.RunAsync("node", ["contract/generated/js/use.js"], new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PORTAL_URL"] = portal.Portal.Address.ToString().TrimEnd('/'),
            ["PORTAL_EMAIL"] = person.Email,
            ["PORTAL_PASSWORD"] = RunningPortal.Password,
        });

        Assert.Contains("done", said, StringComparison.Ordinal);
    }
}
