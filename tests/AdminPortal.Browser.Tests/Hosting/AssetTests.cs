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
        foreach (var address in addresses)
        {
            using var response = await client.GetAsync(new Uri($"/{address}", UriKind.Relative), token);
            var body = await response.Content.ReadAsByteArrayAsync(token);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{address} answered {response.StatusCode}.");
            Assert.True(body.Length > 500 || address.EndsWith(".svg", StringComparison.Ordinal), $"{address} has {body.Length} bytes.");
        }
    }

    private static Regex Fingerprinted(string name, string ending) =>
        new($"^{Regex.Escape(name)}\\.[a-z0-9]{{8,}}\\.{ending}$", RegexOptions.None, TimeSpan.FromSeconds(1));

    [GeneratedRegex("(?:<link rel=\"(?:stylesheet|icon)\"[^>]*href|<script src)=\"(?<address>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Links { get; }
}
