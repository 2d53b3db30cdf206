using System.Net;

namespace AdminPortal.Core.Verification;

/// <summary>Asks the endpoints that the guides list whether they answer. It sends no credentials and changes nothing.</summary>
public sealed class EndpointProbe : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly HttpClient client;

    public EndpointProbe() => client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = Patience, UseCookies = false }, disposeHandler: true) { Timeout = Patience };

    public void Dispose() => client.Dispose();

    internal async Task<IReadOnlyList<Finding>> LookAsync(string baseUrl, CheckSeverity whenSilent, string remedyWhenSilent, CancellationToken cancellationToken)
    {
        var root = baseUrl.TrimEnd('/');
        var findings = new List<Finding>();
        try
        {
            using var health = await client.GetAsync(new Uri($"{root}/api/health"), cancellationToken);
            if (!health.IsSuccessStatusCode)
            {
                findings.Add(new Finding(CheckSeverity.Error, $"{root}/api/health", "200", $"{(int)health.StatusCode}", "Look at its answer and its log: it says which part is not healthy."));
            }

            // Without a sign-in these refuse; that they do so shows that they are there.
            foreach (var path in (string[])["/api/qr/pair", "/api/qr/permissions"])
            {
                using var request = new HttpRequestMessage(path.EndsWith("pair", StringComparison.Ordinal) ? HttpMethod.Get : HttpMethod.Post, new Uri(root + path));
                using var answer = await client.SendAsync(request, cancellationToken);
                if (answer.StatusCode == HttpStatusCode.NotFound || (int)answer.StatusCode >= 500)
                {
                    findings.Add(new Finding(CheckSeverity.Error, root + path, "an answer, or a refusal without a sign-in", $"{(int)answer.StatusCode}", "This build does not serve it, or fails: look at its log."));
                }
            }
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            findings.Add(new Finding(whenSilent, $"{root}/api/health", "an answer", "nobody answers", remedyWhenSilent));
        }

        return findings;
    }
}
