using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AdminPortal.Browser.Tests.Devices;
using AdminPortal.Browser.Tests.Hosting;

namespace AdminPortal.Browser.Tests.Sync;

/// <summary>A paired phone that syncs over the API of the portal that is looked at.</summary>
internal sealed class SyncingPhone(RunningPortal portal, string person, int number) : IDisposable
{
    private readonly HttpClient _api = new()
    {
        BaseAddress = new Uri(portal.Url),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", TestDevices.TokenOf(person, number)) },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Registers, and reads everything.</summary>
    public static async Task<SyncingPhone> StartAsync(RunningPortal portal, string person, int number, string appVersion)
    {
        var phone = new SyncingPhone(portal, person, number);
        using var registered = await phone._api.PutAsJsonAsync("/api/devices/me", new { platform = "ios", osVersion = "26.1", appVersion, schemaVersion = 1, pushToken = "push-secret" }, Token);
        registered.EnsureSuccessStatusCode();
        await phone.PullAllAsync();
        return phone;
    }

    /// <summary>The results of the operations; empty when the push was refused.</summary>
    public async Task<IReadOnlyList<JsonElement>> PushAsync(int pending, params object[] ops)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var answer = await _api.PostAsJsonAsync(
            "/api/sync/push", new { schemaVersion = 1, sentAt = now, state = new { pending, oldestPendingAt = pending > 0 ? now.AddMinutes(-5) : (DateTimeOffset?)null, rejected = 0 }, ops }, Token);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
        return answer.IsSuccessStatusCode ? [.. body.GetProperty("data").GetProperty("results").EnumerateArray()] : [];
    }

    public async Task PullAllAsync()
    {
        string? cursor = null;
        while (true)
        {
            var page = (await _api.GetFromJsonAsync<JsonElement>($"/api/sync/pull?cursor={cursor}", Token)).GetProperty("data");
            cursor = page.GetProperty("cursor").GetString();
            if (page.GetProperty("changes").GetArrayLength() == 0)
                return;
        }
    }

    public void Dispose() => _api.Dispose();
}
