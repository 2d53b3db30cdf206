using System.Diagnostics;
using AdminPortal.Core.Pairing;

namespace AdminPortal.Core.Tests.Pairing;

/// <summary>The code as a phone's camera sees it: drawn by a browser, decoded from the pixels.</summary>
public sealed class QrImageTests(PairingDatabases databases) : PairingTest(databases), IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("adminportal-qr-").FullName;

    [Fact]
    public async Task CreateAsync_SvgDrawnByABrowser_DecodesToTheAddress()
    {
        var code = await World.NewCodeAsync(await World.NewPersonAsync());

        Assert.Equal(code.Url, await DecodeAsync(code.Svg));
    }

    [Fact]
    public async Task CreateAsync_JsonFormat_DecodesToThePayload()
    {
        var world = NewWorld(options => options.QrFormat = QrFormat.Json);

        var code = await world.NewCodeAsync(await world.NewPersonAsync());

        Assert.StartsWith($$"""{"sessionId":"{{code.SessionId}}",""", await DecodeAsync(code.Svg), StringComparison.Ordinal);
    }

    [Fact]
    public void Svg_Always_HasAWhiteQuietZoneAndATextAlternative()
    {
        var svg = QrImage.Svg("https://portal.example.org/p#abc");

        Assert.Contains("role=\"img\"", svg, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"QR code", svg, StringComparison.Ordinal);
        Assert.Contains("#ffffff", svg, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<string> DecodeAsync(string svg)
    {
        var picture = Path.Combine(_folder, "code.png");
        var page = Path.Combine(_folder, "code.html");
        await File.WriteAllTextAsync(page, $"<body style='margin:0;background:#222'><div style='width:500px'>{svg}</div>", Token);
        await RunAsync("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", $"--user-data-dir={_folder}/profile", "--window-size=500,500", $"--screenshot={picture}", $"file://{page}");
        return (await RunAsync("zbarimg", "--quiet", "--raw", picture)).TrimEnd('\n');
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(Token);
        var output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await errors}");
        return output;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
