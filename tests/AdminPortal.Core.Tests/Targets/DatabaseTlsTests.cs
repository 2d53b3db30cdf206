using AdminPortal.Core.Targets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.Targets;

/// <summary>Connection strings that would send everything in the clear over a network stop the start.</summary>
public sealed class DatabaseTlsTests
{
    [Theory]
    [InlineData("Host=db.example.org;Database=a;Username=u;Password=secret", false)]
    [InlineData("Host=db.example.org;Database=a;SSL Mode=Prefer", false)]
    [InlineData("Host=db.example.org;Database=a;SSL Mode=Disable", false)]
    [InlineData("Host=db.example.org;Database=a;SSL Mode=Require", true)]
    [InlineData("Host=10.0.0.21,10.0.0.22;Database=a;SSL Mode=VerifyFull", true)]
    [InlineData("Host=127.0.0.1,10.0.0.22;Database=a", false)]
    [InlineData("postgres://u:secret@db.example.org/a", false)]
    [InlineData("postgres://u:secret@db.example.org/a?sslmode=prefer", false)]
    [InlineData("postgres://u:secret@db.example.org/a?sslmode=require", true)]
    [InlineData("postgres://u:secret@localhost/a", true)]
    [InlineData("postgres://u@%2Fvar%2Frun%2Fpostgresql/a", true)]
    [InlineData("Host=localhost;Database=a", true)]
    [InlineData("Host=LocalHost:5433;Database=a;SSL Mode=Disable", true)]
    [InlineData("Host=127.0.0.1;Database=a", true)]
    [InlineData("Host=::1;Database=a", true)]
    [InlineData("Host=/var/run/postgresql;Database=a", true)]
    [InlineData("Host=@postgres;Database=a", true)]
    [InlineData("Database=a", true)]
    [InlineData("Host=localhost.example.org;Database=a", false)]
    public void Strings_ToOtherMachines_MustDemandEncryption(string text, bool fits)
    {
        Assert.Equal(fits ? [] : ["ConnectionStrings:PortalOwner", "Portal:Targets:main:ConnectionString"], Refused(text, null));
        Assert.Equal([], Refused(text, "false"));
    }

    /// <summary>The settings that the start names; their values never.</summary>
    private static string[] Refused(string text, string? required)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Portal"] = "Host=localhost;Database=portal",
            ["ConnectionStrings:PortalOwner"] = text,
            ["Portal:Targets:main:ConnectionString"] = text,
        };
        if (required is not null)
        {
            settings["Portal:RequireDatabaseTls"] = required;
        }

        using var services = new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).AddLogging().AddPortalCore().BuildServiceProvider();
        List<string> named = [];
        foreach (var read in new Action[] { () => _ = services.GetRequiredService<IOptions<PortalConnections>>().Value, () => _ = services.GetRequiredService<IOptions<PortalOptions>>().Value })
        {
            try
            {
                read();
            }
            catch (OptionsValidationException refused)
            {
                Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
                Assert.Contains("Portal:RequireDatabaseTls=false", refused.Message, StringComparison.Ordinal);
                named.AddRange(refused.Failures.Select(failure => failure.Split(' ')[0]));
            }
        }

        return [.. named];
    }
}
