using System.Buffers.Text;
using System.Text.Json;
using AdminPortal.Core.Targets;

namespace AdminPortal.Core.Pairing;

/// <summary>The address that a code leads to: its payload stands in the fragment, which no browser sends to a server.</summary>
internal static class PairingAddress
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static byte[] Payload(QrPayload payload) => JsonSerializer.SerializeToUtf8Bytes(payload, Json);

    public static string Of(PortalOptions portal, QrPayload payload) => $"{portal.PublicUrl.TrimEnd('/')}/p#{Base64Url.EncodeToString(Payload(payload))}";
}
