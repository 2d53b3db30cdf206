using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Hosting;

/// <summary>Two instances behind a balancer: one is stopped and started, and nobody notices.</summary>
public sealed partial class SeveralInstancesTests(BalancedPortals portals, Chromium chromium) : IClassFixture<BalancedPortals>
{
    private const string InstanceCookie = "portal-instance";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StoppedInstance_SendsItsPagesAwayAndFailsNoCall()
    {
        var state = await SignInPage.StateAsync(chromium.Browser, portals.Url, BalancedPortals.Admin);
        var visitor = await Visitor.OpenAsync(chromium.Browser, new() { BaseURL = portals.Url, StorageState = state });
        await using var context = visitor.Context;
        var page = visitor.Page;
        await page.GotoAsync("/devices");
        await Waiting.UntilAsync(async () =>
        {
            await page.GetByLabel("Search").FillAsync("Ward tablet"); // the page is connected as soon as it answers
            await Expect(page).ToHaveURLAsync(SearchedFor(), new() { Timeout = 3000 });
        });
        var first = await InstanceAsync(context);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var calling = CallAsync(over.Token);

        var stopping = portals.Instances[first].StopAsync();

        using var http = new HttpClient();
        var health = portals.Instances[first].Url;
        await UntilAsync(async () => (await http.GetAsync(new Uri($"{health}/health/ready"), Token)).StatusCode == HttpStatusCode.ServiceUnavailable);
        Assert.Equal("draining", await (await http.GetAsync(new Uri($"{health}/health/ready"), Token)).Content.ReadAsStringAsync(Token));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri($"{health}/health/live"), Token)).StatusCode);
        await UntilAsync(async () => await InstanceAsync(context) != first);
        await Expect(page).ToHaveURLAsync(SearchedFor()); // at the same place
        await Expect(page.GetByLabel("Search")).ToHaveValueAsync("Ward tablet");
        await stopping;
        await portals.Instances[first].StartAsync(Token);
        await UntilAsync(async () => (await http.GetAsync(new Uri($"{health}/health/ready"), Token)).IsSuccessStatusCode);

        await over.CancelAsync();
        var (calls, failed) = await calling;
        Assert.True(failed.Count == 0, string.Join(Environment.NewLine, failed));
        Assert.InRange(calls, 50, int.MaxValue);
        Assert.True(visitor.Complaints.Count == 0, string.Join(Environment.NewLine, visitor.Complaints)); // the page left by itself: it never lost its connection
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await condition())
            await Task.Delay(100, patience.Token);
    }

    /// <summary>As devices do, each over a connection of its own, until cancelled.</summary>
    private async Task<(int Calls, List<string> Failed)> CallAsync(CancellationToken cancellationToken)
    {
        var (calls, failed) = (0, new List<string>());
        while (!cancellationToken.IsCancellationRequested)
        {
            calls++;
            try
            {
                using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
                using var answer = await http.GetAsync(new Uri($"{portals.Url}/api/health"), CancellationToken.None);
                if (!answer.IsSuccessStatusCode)
                    failed.Add($"{calls}: {(int)answer.StatusCode}");
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                failed.Add($"{calls}: {exception.Message}");
            }

            await Task.Delay(30, CancellationToken.None);
        }

        return (calls, failed);
    }

    private static async Task<string> InstanceAsync(IBrowserContext context) => (await context.CookiesAsync()).Single(cookie => cookie.Name == InstanceCookie).Value;

    [GeneratedRegex("/devices\\?search=Ward(?:\\+|%20)tablet$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SearchedFor();
}
