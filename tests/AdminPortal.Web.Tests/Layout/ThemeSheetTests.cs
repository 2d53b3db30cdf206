using System.Net;
using AdminPortal.Testing;
using AdminPortal.Web.Layout;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Layout;

/// <summary>The theme is a file: drawn once, for light and dark, and kept by browsers until it changes.</summary>
public sealed class ThemeSheetTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private RunningPortal portal = null!;

    public async ValueTask InitializeAsync() => portal = await RunningPortal.StartAsync(cluster, None);

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task Sheet_BothThemes_AreColoursOfThePortal()
    {
        var css = await portal.Services.GetRequiredService<ThemeSheet>().TextAsync();

        Assert.Contains("--accent: light-dark(#0b6566, #63cdc6);", css, StringComparison.Ordinal);
        Assert.Contains("--mud-palette-primary: light-dark(rgba(11,101,102,1), rgba(99,205,198,1));", css, StringComparison.Ordinal);
        Assert.Contains("--mud-default-borderradius: 6px;", css, StringComparison.Ordinal);
        Assert.DoesNotContain("color-scheme: light;\n", css.Split('}')[0], StringComparison.Ordinal); // fields follow the page around them
        Assert.DoesNotContain("<", css, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_WithItsFingerprint_IsKeptForAYear()
    {
        var browser = portal.Browse();
        var address = "/" + await portal.Services.GetRequiredService<ThemeSheet>().AddressAsync();

        var sheet = await browser.GetAsync(address);
        var bare = await browser.GetAsync("/theme.css");

        Assert.Equal(HttpStatusCode.OK, sheet.StatusCode);
        Assert.Equal("text/css", sheet.Content.Headers.ContentType?.MediaType);
        Assert.True(sheet.Headers.CacheControl?.MaxAge > TimeSpan.FromDays(300));
        Assert.True(bare.Headers.CacheControl?.NoCache);
        Assert.Contains(address[1..], await (await browser.GetAsync("/sign-in")).Content.ReadAsStringAsync(None), StringComparison.Ordinal);
    }
}
