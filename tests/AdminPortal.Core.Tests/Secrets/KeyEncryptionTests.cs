using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AdminPortal.Core.Secrets;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Tests.DataLayer;
using AdminPortal.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.Secrets;

/// <summary>The keys that protect cookies and server secrets, as they lie in the database and as a start of the portal reads them.</summary>
public sealed class KeyEncryptionTests(PostgresCluster cluster) : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("keys").FullName;
    private TestDatabase database = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => database = await cluster.CreatePortalDatabaseAsync(Token);

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        await database.DisposeAsync();
    }

    [Theory]
    [InlineData("KeyFile")]
    [InlineData("Certificate")]
    public async Task Start_WithAKey_EncryptsNewKeysAndReadsTheOldPlainOnes(string setting)
    {
        var before = await ProtectAsync("before", []);
        Assert.Contains("<masterKey", await StoredAsync(), StringComparison.Ordinal);

        var path = setting == "KeyFile" ? NewKeyFile("one") : NewCertificate("one");
        var after = await ProtectAsync("after", [(setting, path)]);

        Assert.Equal("before", await UnprotectAsync(before, [(setting, path)]));
        Assert.Equal("after", await UnprotectAsync(after, [(setting, path)]));
        var newest = (await StoredAsync()).Split('\n')[^1];
        Assert.Contains("<encryptedSecret", newest, StringComparison.Ordinal);
        Assert.DoesNotContain("<masterKey", newest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("KeyFile", null)]
    [InlineData("KeyFile", "KeyFile")]
    [InlineData("Certificate", null)]
    [InlineData("Certificate", "KeyFile")]
    public async Task Start_WithoutTheKeyOfBefore_SaysWhatToDoAndMakesNoKey(string before, string? now)
    {
        await ProtectAsync("text", [(before, before == "KeyFile" ? NewKeyFile("one") : NewCertificate("one"))]);
        var stored = await StoredAsync();

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => ProtectAsync("more", now is null ? [] : [(now, NewKeyFile("two"))]));

        Assert.Contains("Portal:KeyEncryption", refused.Message, StringComparison.Ordinal);
        Assert.Contains("KeyFile", refused.Message, StringComparison.Ordinal);
        Assert.Equal(stored, await StoredAsync());
    }

    [Theory]
    [InlineData("KeyFile", "OldKeyFiles:0")]
    [InlineData("Certificate", "OldCertificates:0")]
    public async Task Start_WithANewKeyAndTheOldOne_ReadsBoth(string setting, string old)
    {
        var (first, second) = setting == "KeyFile" ? (NewKeyFile("one"), NewKeyFile("two")) : (NewCertificate("one"), NewCertificate("two"));
        var before = await ProtectAsync("before", [(setting, first)]);

        Assert.Equal("before", await UnprotectAsync(before, [(setting, second), (old, first)]));
    }

    [Theory]
    [InlineData("KeyFile", "missing", "Portal:KeyEncryption:KeyFile")]
    [InlineData("KeyFile", "short", "Portal:KeyEncryption:KeyFile")]
    [InlineData("Certificate", "short", "Portal:KeyEncryption:Certificate")]
    [InlineData("OldKeyFiles:0", "missing", "Portal:KeyEncryption:OldKeyFiles:0")]
    public void Settings_ThatNameNoKey_AreRefusedByName(string setting, string file, string named)
    {
        File.WriteAllText(Path.Combine(folder, "short"), "c2hvcnQ=");

        var refused = Assert.Throws<OptionsValidationException>(() => Services([(setting, Path.Combine(folder, file))]));

        Assert.StartsWith(named, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decrypt_OfAnAlteredKey_IsRefused()
    {
        var key = new SecretKey(RandomNumberGenerator.GetBytes(32));
        using var services = new ServiceCollection().AddSingleton(new KeyFiles(key, [key])).BuildServiceProvider();
        var element = new KeyFileXmlEncryptor(key).Encrypt(new System.Xml.Linq.XElement("masterKey", "secret")).EncryptedElement;
        Assert.Equal("secret", new KeyFileXmlDecryptor(services).Decrypt(element).Value);

        var bytes = Convert.FromBase64String(element.Value);
        bytes[^1] ^= 1;
        element.Value = Convert.ToBase64String(bytes);

        Assert.ThrowsAny<CryptographicException>(() => new KeyFileXmlDecryptor(services).Decrypt(element));
    }

    private string NewKeyFile(string name)
    {
        var path = Path.Combine(folder, $"{name}.key");
        File.WriteAllText(path, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) + "\n");
        return path;
    }

    private string NewCertificate(string name)
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var path = Path.Combine(folder, $"{name}.pem");
        File.WriteAllText(path, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return path;
    }

    private async Task<string> StoredAsync() =>
        (await Sql.ScalarAsync<string>(database.OwnerConnectionString, "SELECT string_agg(replace(xml, E'\\n', ' '), E'\\n' ORDER BY id) FROM portal.data_protection_keys"))!;

    private ServiceProvider Services((string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Portal:KeyEncryption:{s.Name}", (string?)s.Value)).Concat(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Portal"] = database.RuntimeConnectionString,
            ["ConnectionStrings:PortalOwner"] = database.OwnerConnectionString,
            ["Portal:Targets:main:ConnectionString"] = database.RuntimeConnectionString,
        })).Build();
        return new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddPortalCore().AddKeyEncryption(configuration).BuildServiceProvider();
    }

    private Task<string> ProtectAsync(string text, (string, string)[] settings) => WithAsync(settings, protector => protector.Protect(text));

    private Task<string> UnprotectAsync(string text, (string, string)[] settings) => WithAsync(settings, protector => protector.Unprotect(text));

    /// <summary>As the portal starts, as far as its database and its keys.</summary>
    private async Task<string> WithAsync((string, string)[] settings, Func<IDataProtector, string> act)
    {
        await using var services = Services(settings);
        await services.GetRequiredService<PortalDatabase>().MigrateAsync(Token);
        foreach (var start in services.GetServices<IHostedService>().OfType<KeyRingStart>())
        {
            await start.StartingAsync(Token);
        }

        return act(services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test"));
    }
}
