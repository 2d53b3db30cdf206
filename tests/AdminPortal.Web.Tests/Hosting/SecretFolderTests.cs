using AdminPortal.Web.Hosting;
using Microsoft.Extensions.Configuration;

namespace AdminPortal.Web.Tests.Hosting;

public sealed class SecretFolderTests
{
    [Fact]
    public async Task Add_FilesOfAFolder_AreSettingsBeforeThoseOfTheEnvironment()
    {
        var folder = Directory.CreateTempSubdirectory("adminportal-secrets-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "ConnectionStrings__Portal"), "Host=of-the-file\n", TestContext.Current.CancellationToken);
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:Portal"] = "Host=of-the-environment", ["Portal:Name"] = "Clinic" });

            SecretFolder.AddTo(configuration, folder.FullName, "/nowhere", null);

            var built = configuration.Build();
            Assert.Equal(("Host=of-the-file", "Clinic"), (built["ConnectionStrings:Portal"], built["Portal:Name"]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
