using System.Diagnostics;
using Microsoft.Playwright;

namespace AdminPortal.Browser.Tests.Pairing;

/// <summary>Reads a QR code as a camera does: from pixels.</summary>
internal static class QrPicture
{
    /// <summary>What the code on the page says.</summary>
    public static async Task<string> ReadAsync(ILocator code, CancellationToken cancellationToken)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.png");
        try
        {
            await code.ScreenshotAsync(new() { Path = file });
            return await DecodeAsync(file, cancellationToken);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> DecodeAsync(string file, CancellationToken cancellationToken)
    {
        using var reader = Process.Start(new ProcessStartInfo("zbarimg")
        {
            ArgumentList = { "--quiet", "--raw", "--set", "disable", "--set", "qrcode.enable", file },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var text = reader.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = reader.StandardError.ReadToEndAsync(cancellationToken);
        await reader.WaitForExitAsync(cancellationToken);
        return reader.ExitCode == 0
            ? (await text).Trim()
            : throw new InvalidOperationException($"zbarimg found no QR code in the picture (exit code {reader.ExitCode}): {await errors}");
    }
}
