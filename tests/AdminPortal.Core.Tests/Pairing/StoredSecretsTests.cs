using System.Buffers.Text;
using System.Text;
using AdminPortal.Core.Pairing;

namespace AdminPortal.Core.Tests.Pairing;

/// <summary>Whoever reads the device database learns no code and no token.</summary>
public sealed class StoredSecretsTests(PairingDatabases databases) : PairingTest(databases)
{
    [Fact]
    public async Task WholeWayOfPairing_AnyTable_HoldsNoSecretInClear()
    {
        var user = await World.NewPersonAsync();
        var code = await World.NewCodeAsync(user);
        var request = PairingWorld.Scan(code);
        string[] secrets = [code.QrPayload.PairingCode, code.ShortCode, code.ShortCode.Replace("-", "", StringComparison.Ordinal), request.ClaimKey!];

        await AssertHiddenAsync(secrets);
        await World.ClaimAsync(request with { PairingCode = PairingSecrets.NewPairingCode() });
        var claim = await World.ConfirmedAsync(user, request);
        await AssertHiddenAsync(secrets);
        var token = (await World.CollectedAsync(claim)).SessionToken;
        await AssertHiddenAsync([.. secrets, token]);
        await World.AuthenticateAsync(token);
        await World.ClaimAsync(PairingWorld.Type(code));
        await World.Devices.RevokeAllOthersAsync(user, user.UserId!, null, null, Token);
        await AssertHiddenAsync([.. secrets, token, token["dvc_".Length..]]);
    }

    [Fact]
    public async Task CreateAsync_ShortCode_IsStoredWithAKey()
    {
        var code = await World.NewCodeAsync(await World.NewPersonAsync());

        var stored = await World.ScalarAsync<byte[]>("""SELECT "shortCodeHmac" FROM portal.pairing_sessions WHERE id = $1""", code.SessionId);

        Assert.NotEqual(PairingSecrets.Hash(code.ShortCode), stored);
        Assert.NotEqual(PairingSecrets.Hash(PairingSecrets.NormalizeShortCode(code.ShortCode)!), stored);
    }

    /// <summary>Looks for each secret in every row of every table: as text, as its bytes, and as the bytes that it encodes.</summary>
    private async Task AssertHiddenAsync(string[] secrets)
    {
        var rows = await World.ScalarAsync<string>(
            """
            SELECT string_agg(query_to_xml(format('SELECT t::text FROM %I.%I t', table_schema, table_name), true, false, '')::text, E'\n')
            FROM information_schema.tables WHERE table_schema IN ('public', 'portal') AND table_name <> '__EFMigrationsHistory'
            """);
        Assert.NotNull(rows);
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(secret, rows, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToHexString(Encoding.UTF8.GetBytes(secret)), rows, StringComparison.OrdinalIgnoreCase);
            if (Base64Url.IsValid(secret))
                Assert.DoesNotContain(Convert.ToHexString(Base64Url.DecodeFromChars(secret)), rows, StringComparison.OrdinalIgnoreCase);
        }
    }
}
