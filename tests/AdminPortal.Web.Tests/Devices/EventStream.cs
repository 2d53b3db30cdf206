using System.Net.Http.Headers;
using System.Net.ServerSentEvents;

namespace AdminPortal.Web.Tests.Devices;

/// <summary>The live connection of a device.</summary>
internal sealed class EventStream(HttpClient client, HttpResponseMessage response, Stream body) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<SseItem<string>> events = SseParser.Create(body).EnumerateAsync(Token).GetAsyncEnumerator(Token);
    private Task<bool>? next;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public TimeSpan? ComeBackAfter => events.Current.ReconnectionInterval;

    public string? Id => events.Current.EventId;

    public string Data => events.Current.Data;

    public static async Task<EventStream> OpenAsync(Uri portal, string token, string? lastId = null)
    {
        var client = new HttpClient { BaseAddress = portal };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/devices/me/events");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (lastId is not null)
            request.Headers.Add("Last-Event-ID", lastId);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new EventStream(client, response, await response.Content.ReadAsStreamAsync(Token));
    }

    /// <summary>The next event's type, within the second that is promised and some for a busy machine; null at the end.</summary>
    public async Task<string?> NextAsync()
    {
        next ??= events.MoveNextAsync().AsTask();
        var any = await next.WaitAsync(TimeSpan.FromSeconds(10), Token);
        next = null;
        return any ? events.Current.EventType : null;
    }

    /// <summary>True when nothing comes in this time.</summary>
    public async Task<bool> IsSilentAsync(TimeSpan time)
    {
        next ??= events.MoveNextAsync().AsTask();
        return await Task.WhenAny(next, Task.Delay(time, Token)) != next;
    }

    public async ValueTask DisposeAsync()
    {
        response.Dispose();
        client.Dispose();
        await body.DisposeAsync();
    }
}
