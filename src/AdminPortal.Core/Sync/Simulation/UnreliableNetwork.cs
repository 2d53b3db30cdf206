namespace AdminPortal.Core.Sync.Simulation;

/// <summary>What a network does to a request.</summary>
public enum NetworkFault
{
    None,

    /// <summary>The request never arrives.</summary>
    LoseRequest,

    /// <summary>The request arrives, and its answer does not.</summary>
    LoseReply,

    /// <summary>The request arrives twice; the second answer is heard.</summary>
    Repeat,

    /// <summary>A copy of the request arrives once more, after the next one.</summary>
    Late,
}

/// <summary>A network between a device and the portal that does to each request what it is told.</summary>
/// <param name="next">What to do with the next request.</param>
public sealed class UnreliableNetwork(HttpMessageHandler inner, Func<NetworkFault> next) : DelegatingHandler(inner)
{
    private HttpRequestMessage? late;
    private int answered;

    /// <summary>Requests that the portal answered, heard or not.</summary>
    public int Answered => answered;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var fault = next();
        if (fault == NetworkFault.LoseRequest)
        {
            throw new HttpRequestException("The simulated network lost the request.");
        }

        if (fault == NetworkFault.Repeat)
        {
            using var first = await ForwardAsync(await CopyAsync(request, cancellationToken), cancellationToken);
        }

        var waiting = late;
        late = fault == NetworkFault.Late ? await CopyAsync(request, cancellationToken) : null;
        var answer = await ForwardAsync(request, cancellationToken);
        if (waiting is not null)
        {
            using var unheard = await ForwardAsync(waiting, cancellationToken);
        }

        if (fault == NetworkFault.LoseReply)
        {
            answer.Dispose();
            throw new HttpRequestException("The simulated network lost the answer.");
        }

        return answer;
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        await answer.Content.LoadIntoBufferAsync(cancellationToken);
        Interlocked.Increment(ref answered);
        return answer;
    }

    private static async Task<HttpRequestMessage> CopyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri);
        foreach (var (name, values) in request.Headers)
        {
            copy.Headers.TryAddWithoutValidation(name, values);
        }

        if (request.Content is not null)
        {
            copy.Content = new ByteArrayContent(await request.Content.ReadAsByteArrayAsync(cancellationToken));
            copy.Content.Headers.ContentType = request.Content.Headers.ContentType;
        }

        return copy;
    }
}
