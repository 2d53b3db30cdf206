using QRCoder;

namespace AdminPortal.Core.Pairing;

/// <summary>
/// Draws a code as SVG: error correction M, dark on white whatever the page's theme, with the quiet zone of four modules
/// that ISO/IEC 18004 asks for.
/// </summary>
internal static class QrImage
{
    public static string Svg(string content)
    {
        using var data = QRCodeGenerator.GenerateQrCode(content, QRCodeGenerator.ECCLevel.M);
        using var code = new SvgQRCode(data);
        var svg = code.GetGraphic(4, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
        return svg.Replace("<svg ", """<svg role="img" aria-label="QR code for pairing a device; the short code does the same" """, StringComparison.Ordinal);
    }
}
