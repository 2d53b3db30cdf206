using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace AdminPortal.Web.Layout;

/// <summary>
/// The theme as a file, drawn once by MudBlazor's own provider for light and for dark. A provider in every page would hold 47 KB
/// in every circuit, and would know the theme only when the page is connected.
/// </summary>
internal sealed partial class ThemeSheet(IServiceScopeFactory scopes, ILoggerFactory loggers)
{
    private readonly Lazy<Task<Sheet>> sheet = new(() => DrawAsync(scopes, loggers));

    /// <summary>With a fingerprint, so that browsers keep it until it changes.</summary>
    public async Task<string> AddressAsync() => $"theme.css?v={(await sheet.Value).Fingerprint}";

    public async Task<string> TextAsync() => (await sheet.Value).Text;

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/theme.css", async (HttpContext context, ThemeSheet sheet) =>
    {
        var drawn = await sheet.sheet.Value;
        context.Response.Headers.CacheControl = context.Request.Query["v"] == drawn.Fingerprint ? "public, max-age=31536000, immutable" : "no-cache";
        context.Response.Headers.Vary = "Accept-Encoding";
        if (!context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            return Results.Text(drawn.Text, "text/css", Encoding.UTF8);
        }

        context.Response.Headers.ContentEncoding = "gzip";
        return Results.Bytes(drawn.Compressed, "text/css; charset=utf-8");
    }).AllowAnonymous().ShortCircuit().ExcludeFromDescription();

    private static async Task<Sheet> DrawAsync(IServiceScopeFactory scopes, ILoggerFactory loggers)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        var light = await VariablesAsync(renderer, isDark: false);
        var dark = await VariablesAsync(renderer, isDark: true);
        var css = Combine(light, dark);
        var bytes = Encoding.UTF8.GetBytes(css);
        return new Sheet(css, Compress(bytes), Convert.ToHexStringLower(SHA256.HashData(bytes))[..12]);
    }

    private static async Task<Dictionary<string, string>> VariablesAsync(HtmlRenderer renderer, bool isDark)
    {
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<MudThemeProvider>(ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(MudThemeProvider.Theme)] = PortalTheme.Mud,
            [nameof(MudThemeProvider.IsDarkMode)] = isDark,
            [nameof(MudThemeProvider.DefaultScrollbar)] = true,
        }))).ToHtmlString());
        return Variable.Matches(html).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value, StringComparer.Ordinal);
    }

    /// <summary>A colour that differs becomes light-dark(); what is no colour by itself, such as "11,101,102", is said twice.</summary>
    private static string Combine(Dictionary<string, string> light, Dictionary<string, string> dark)
    {
        var css = new StringBuilder(":root {\n  color-scheme: light dark;\n");
        var others = new StringBuilder();
        foreach (var line in PortalTheme.Variables)
        {
            css.Append("  ").Append(line).Append('\n');
        }

        foreach (var (name, value) in light)
        {
            if (name == "--mud-native-html-color-scheme")
            {
                continue; // without it, fields have the scheme of the page around them
            }

            var differs = dark[name] != value;
            var isColour = value.StartsWith('#') || value.StartsWith("rgb", StringComparison.Ordinal);
            css.Append("  ").Append(name).Append(": ").Append(differs && isColour ? $"light-dark({value}, {dark[name]})" : value).Append(";\n");
            if (differs && !isColour)
            {
                others.Append(' ').Append(name).Append(": ").Append(dark[name]).Append(';');
            }
        }

        return css.Append("}\n:root[data-theme=\"light\"] { color-scheme: light; }\n:root[data-theme=\"dark\"] { color-scheme: dark; }\n")
            .Append("@media screen { :root[data-theme=\"dark\"] {").Append(others).Append(" } }\n")
            .Append("@media screen and (prefers-color-scheme: dark) { :root:not([data-theme=\"light\"]) {").Append(others).Append(" } }\n").ToString();
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }

    [GeneratedRegex(@"(?<name>--[a-z0-9-]+):\s*(?<value>[^;]+);", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable { get; }

    private sealed record Sheet(string Text, byte[] Compressed, string Fingerprint);
}
