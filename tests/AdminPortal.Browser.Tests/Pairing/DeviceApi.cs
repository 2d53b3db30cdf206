using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace AdminPortal.Browser.Tests.Pairing;

/// <summary>The portal's API as a paired device calls it, with the token that its browser kept.</summary>
internal sealed class DeviceApi(string portalUrl, string token) : IDisposable
{
    private readonly HttpClient _client = new()
    {
        BaseAddress = new Uri(portalUrl),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    /// <summary><c>GET /api/qr/pair</c>: what the device is and may do.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> ReadSelfAsync(CancellationToken cancellationToken)
    {
        using var response = await _client.GetAsync(new Uri("/api/qr/pair", UriKind.Relative), cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        return (response.StatusCode, document.RootElement.Clone());
    }

    public void Dispose() => _client.Dispose();
}
