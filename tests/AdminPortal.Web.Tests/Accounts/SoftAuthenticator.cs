using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AdminPortal.Web.Tests.Accounts;

/// <summary>What a phone does with a passkey, in software (WebAuthn, ES256, no attestation), and what a dishonest page would have it do.</summary>
internal sealed class SoftAuthenticator : IDisposable
{
    private const byte UserPresent = 0x01, UserVerified = 0x04, WithCredential = 0x40;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] id = RandomNumberGenerator.GetBytes(32);
    private string user = "";
    private uint count;

    public string Origin { get; init; } = "https://portal.example.org";

    /// <summary>False: nobody's finger or PIN was asked for.</summary>
    public bool Verifies { get; init; } = true;

    /// <summary>The answer to the portal's options for making one.</summary>
    public string Make(JsonElement options)
    {
        user = options.GetProperty("user").GetProperty("id").GetString()!;
        var point = key.ExportParameters(false).Q;
        byte[] cose = [0xA5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32, .. point.X!, 0x22, 0x58, 32, .. point.Y!];
        byte[] data = [.. Head(options.GetProperty("rp").GetProperty("id").GetString()!, WithCredential), .. new byte[16], 0, (byte)id.Length, .. id, .. cose];
        byte[] attestation = [0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8, 0x58, (byte)data.Length, .. data];
        return Answer(new { clientDataJSON = Text(Client("webauthn.create", options)), attestationObject = Text(attestation), transports = new[] { "internal" } });
    }

    /// <summary>The answer to the portal's options for showing one.</summary>
    public string Show(JsonElement options)
    {
        count++;
        var data = Head(options.GetProperty("rpId").GetString()!, 0);
        var client = Client("webauthn.get", options);
        var signature = key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Answer(new { clientDataJSON = Text(client), authenticatorData = Text(data), signature = Text(signature), userHandle = user });
    }

    /// <summary>The same key, on a page of another address.</summary>
    public SoftAuthenticator At(string origin)
    {
        var other = new SoftAuthenticator(this) { Origin = origin };
        return other;
    }

    public SoftAuthenticator()
    {
    }

    private SoftAuthenticator(SoftAuthenticator same)
    {
        key.ImportParameters(same.key.ExportParameters(true));
        (id, user, count) = (same.id, same.user, same.count);
    }

    public void Dispose() => key.Dispose();

    private byte[] Head(string host, byte more)
    {
        var counted = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counted, count);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(host)), (byte)(UserPresent | (Verifies ? UserVerified : 0) | more), .. counted];
    }

    private byte[] Client(string type, JsonElement options) =>
        JsonSerializer.SerializeToUtf8Bytes(new { type, challenge = options.GetProperty("challenge").GetString(), origin = Origin, crossOrigin = false });

    private string Answer(object response) =>
        JsonSerializer.Serialize(new { id = Text(id), rawId = Text(id), type = "public-key", authenticatorAttachment = "platform", clientExtensionResults = new { }, response });

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
