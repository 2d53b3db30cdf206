using System.Net;
using System.Text.Json;
using AdminPortal.Web.Tests.Hosting;

namespace AdminPortal.Web.Tests.Pairing;

/// <summary>The calls of pairing as the guide writes them.</summary>
internal static class PairingCalls
{
    private static int _count;

    public static string NewDeviceId() => $"device-{Interlocked.Increment(ref _count)}";

    public static async Task<JsonElement> NewSessionAsync(this ApiPerson person, object? request = null) =>
        (await person.Api.PostAsync("/api/qr/sessions", request ?? new { permissions = new[] { "WRITE_NOTES", "VIEW_TRANSCRIPT" } })).Data(HttpStatusCode.Created);

    /// <summary>The guide's body: what the QR code says, userId and expiresAt included, and the device's own two facts.</summary>
    public static object Scan(JsonElement session, string? deviceId = null, string deviceType = "MOBILE_IOS", string? claimKey = null)
    {
        var payload = session.GetProperty("qrPayload");
        return new
        {
            qrPayload = new
            {
                sessionId = Text(payload, "sessionId"),
                userId = Text(payload, "userId"),
                deviceId = deviceId ?? NewDeviceId(),
                deviceType,
                pairingCode = Text(payload, "pairingCode"),
                expiresAt = payload.GetProperty("expiresAt").GetInt64(),
            },
            claimKey,
        };
    }

    /// <summary>A scan by somebody who knows the session and not its secret.</summary>
    public static object Guess(JsonElement session) => new
    {
        qrPayload = new { sessionId = Text(session, "sessionId"), deviceId = NewDeviceId(), deviceType = "TABLET", pairingCode = "AAAAAAAAAAAAAAAAAAAAAA" },
    };

    public static async Task<JsonElement> ClaimAsync(this ApiCaller device, object body) =>
        (await device.PostAsync("/api/qr/pair", body)).Data(HttpStatusCode.Accepted);

    public static Task<ApiAnswer> ConfirmAsync(this ApiPerson person, JsonElement claim) =>
        person.Api.PostAsync($"/api/qr/sessions/{Text(claim, "sessionId")}/confirm", new { matchNumber = Text(claim, "matchNumber") });

    public static Task<ApiAnswer> CollectAsync(this ApiCaller device, JsonElement claim) =>
        device.With(Text(claim, "pollToken")).GetAsync($"/api/qr/pair/{Text(claim, "sessionId")}");

    /// <summary>The whole way over HTTP; the answer with the token.</summary>
    public static async Task<JsonElement> PairAsync(this ApiPortal portal, ApiPerson person, string? deviceId = null)
    {
        var device = portal.Anyone();
        var claim = await device.ClaimAsync(Scan(await person.NewSessionAsync(), deviceId));
        (await person.ConfirmAsync(claim)).Data();
        return (await device.CollectAsync(claim)).Data();
    }

    public static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
