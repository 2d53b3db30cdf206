using System.Text.RegularExpressions;
using AdminPortal.Data.Accounts;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>Requests with the cookies that answers set, as a browser on the portal's own address sends them.</summary>
internal sealed partial class TestBrowser(HttpClient client)
{
    private readonly Dictionary<string, string> cookies = [];

    /// <summary>Raw Set-Cookie headers of the last answer.</summary>
    public IReadOnlyList<string> SetCookies { get; private set; } = [];

    public string Cookies => string.Join("; ", cookies.Select(c => $"{c.Key}={c.Value}"));

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (cookies.Count > 0)
        {
            request.Headers.Add("Cookie", Cookies);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead); // some answers never end
        SetCookies = answer.Headers.TryGetValues("Set-Cookie", out var set) ? [.. set] : [];
        foreach (var cookie in SetCookies)
        {
            var pair = cookie.Split(';')[0].Split('=', 2);
            cookies[pair[0]] = pair[1];
        }

        return answer;
    }

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>Opens the page, fills its form in and posts it, hidden fields included; of several forms the one whose <c>_handler</c> is named.</summary>
    /// <param name="to">Where the form posts to, when that is not the page.</param>
    public async Task<HttpResponseMessage> SubmitAsync(string path, Dictionary<string, string> fields, string? to = null)
    {
        foreach (var (name, value) in await OpenFormAsync(path))
        {
            fields.TryAdd(name, value);
        }

        using var form = new FormUrlEncodedContent(fields);
        return await SendAsync(HttpMethod.Post, to ?? path, form);
    }

    /// <summary>As someone who copied them.</summary>
    public TestBrowser WithCookiesOf(TestBrowser other)
    {
        foreach (var (name, value) in other.cookies)
        {
            cookies[name] = value;
        }

        return this;
    }

    /// <summary>Opens the page; the hidden fields of its form.</summary>
    public async Task<Dictionary<string, string>> OpenFormAsync(string path)
    {
        var html = await (await GetAsync(path)).Content.ReadAsStringAsync();
        return HiddenField().Matches(html).GroupBy(m => m.Groups["name"].Value).ToDictionary(g => g.Key, g => g.Last().Groups["value"].Value);
    }

    public Task<HttpResponseMessage> SignInAsync(AccountRole role, string path = "/sign-in", string password = RunningPortal.Password) =>
        SubmitAsync(path, new() { ["Input.Email"] = RunningPortal.EmailOf(role), ["Input.Password"] = password });

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]+)\" value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HiddenField();
}
