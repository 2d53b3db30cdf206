using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using AdminPortal.Web.Tests.ApiDescription;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>A program or device that calls the API over a real connection, each from an address of its own unless told.</summary>
internal sealed class ApiCaller(Uri portal, string? bearer = null, string? address = null)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
    private static int _count;
    private readonly string from = address ?? NewAddress();

    public string? Bearer => bearer;

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<ApiAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public Task<ApiAnswer> PostAsync(string path, object? body) => SendAsync(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body));

    /// <summary>Posts this text as it stands.</summary>
    public Task<ApiAnswer> PostTextAsync(string path, string text, string contentType = "application/json")
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return SendAsync(HttpMethod.Post, path, content);
    }

    /// <summary>The same caller with another bearer.</summary>
    public ApiCaller With(string? token) => new(portal, token, from);

    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, new Uri(portal, path)) { Content = content };
        request.Headers.Add("X-Forwarded-For", from);
        if (bearer is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await ApiAnswer.ReadAsync(response, TestContext.Current.CancellationToken);
        var fault = (await ApiContract.OfAsync(portal))?.Fault(method.Method, path, answer);
        Assert.True(fault is null, $"The answer of {method} {path} is not as the API's description says: {fault}\n{answer.Text}");
        return answer;
    }

    private static string NewAddress()
    {
        var n = Interlocked.Increment(ref _count);
        return $"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}";
    }
}
