using System.Net;
using System.Text.RegularExpressions;

namespace AdminPortal.Browser.Tests.Hosting;

/// <summary>What every page links is there, under its fingerprinted name.</summary>
public sealed partial class AssetTests(RunningPortal portal)
{
    [Fact]
    public async Task LinkedFiles_OfTheSignInPage_AnswerWithABody()
    {
        var token = TestContext.Current.CancellationToken;
        using var client = new HttpClient { BaseAddress = new Uri(portal.Url) };
        var page = await client.GetStringAsync(new Uri("/sign-in", UriKind.Relative), token);
        var addresses = Links.Matches(page).Select(match => match.Groups["address"].Value).ToList();

        Assert.Contains(addresses, address => Fingerprinted("site", "css").IsMatch(address));
        Assert.Contains(addresses, address => Fingerprinted("_framework/blazor.web", "js").IsMatch(address));
        Assert.Contains(addresses, address => Fingerprinted("_content/MudBlazor/MudBlazor.min", "css").IsMatch(address));
        Assert.Contains(addresses, address => Fingerprinted("_content/MudBlazor/MudBlazor.min", "js").IsMatch(address));
        foreach (var address in addresses)
        {
            using var response = await client.GetAsync(new Uri($"/{address}", UriKind.Relative), token);
            var body = await response.Content.ReadAsByteArrayAsync(token);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{address} answered {response.StatusCode}.");
            Assert.True(body.Length > 500 || address.EndsWith(".svg", StringComparison.Ordinal), $"{address} has {body.Length} bytes.");
        }
    }

    /// <summary>Also from a clone that serves what it has built, as these tests do.</summary>
    [Fact]
    public async Task LinkedFiles_OfTheSignInPage_AreSentCompressed()
    {
        var token = TestContext.Current.CancellationToken;
        using var client = new HttpClient { BaseAddress = new Uri(portal.Url), DefaultRequestHeaders = { AcceptEncoding = { new("gzip") } } };
        using var plain = new HttpClient { BaseAddress = new Uri(portal.Url) };
        var page = await plain.GetStringAsync(new Uri("/sign-in", UriKind.Relative), token);
        var addresses = Links.Matches(page).Select(match => match.Groups["address"].Value).Where(address => !address.EndsWith(".svg", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(addresses);
        foreach (var address in addresses)
        {
            using var response = await client.GetAsync(new Uri($"/{address}", UriKind.Relative), token);
            var sent = await response.Content.ReadAsByteArrayAsync(token);
            var whole = await plain.GetByteArrayAsync(new Uri($"/{address}", UriKind.Relative), token);
            Assert.True(response.Content.Headers.ContentEncoding.Contains("gzip"), $"{address} is sent as it is.");
            Assert.True(sent.Length < whole.Length / 2, $"{address} is sent with {sent.Length} of {whole.Length} bytes.");
        }
    }

    private static Regex Fingerprinted(string name, string ending) =>
        new($"^{Regex.Escape(name)}\\.[a-z0-9]{{8,}}\\.{ending}$", RegexOptions.None, TimeSpan.FromSeconds(1));

    [GeneratedRegex("(?:<link rel=\"(?:stylesheet|icon)\"[^>]*href|<script src)=\"(?<address>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Links { get; }
}
