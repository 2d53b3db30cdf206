using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Layout;

/// <summary>
/// Markup in one piece: the literal parts stand as they are, every value between them is encoded (markup made by this class is
/// not encoded again). For the rows of long lists, where a circuit otherwise keeps a frame of 40 bytes, twice, for every tag,
/// attribute and text (docs/benchmarks.md).
/// </summary>
internal static class Html
{
    public static MarkupString Of(Pieces html) => new(html.ToString());

    /// <summary>What the compiler makes of an interpolated text.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Pieces
    {
        private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
        private readonly StringBuilder text;

        public Pieces(int literalLength, int formattedCount) => text = new StringBuilder(literalLength + (formattedCount * 16));

        public void AppendLiteral(string value) => text.Append(value);

        public void AppendFormatted(MarkupString value) => text.Append(value.Value);

        public void AppendFormatted(string? value) => text.Append(value is null ? null : Encoder.Encode(value));

        public void AppendFormatted(int value) => text.Append(CultureInfo.InvariantCulture, $"{value}");

        /// <param name="format">An invariant one.</param>
        public void AppendFormatted(DateTime value, string format) => text.Append(Encoder.Encode(value.ToString(format, CultureInfo.InvariantCulture)));

        public override string ToString() => text.ToString();
    }
}
