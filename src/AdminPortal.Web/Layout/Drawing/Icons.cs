using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Layout.Drawing;

/// <summary>
/// The portal's own line icons, drawn on 24 × 24. In the document, so that they are there at first paint and need no font; no
/// component each, which would hold some 4 KB apiece in every circuit (docs/benchmarks.md).
/// </summary>
internal static class Icons
{
    private static readonly ConcurrentDictionary<(string Name, int Size), MarkupString> Drawn = new();

    private static readonly Dictionary<string, string> Paths = new()
    {
        ["overview"] = "M4 4h7v7H4zM13 4h7v4h-7zM13 11h7v9h-7zM4 14h7v6H4z",
        ["pair"] = "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 14h2M14 20h2M20 18v2h-1",
        ["phone"] = "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2",
        ["tablet"] = "M6 3h12a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2",
        ["desktop"] = "M4 4h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM9 20h6M12 16v4",
        ["devices"] = "M3 5h13v9H3zM2 18h11M16 9h5v11h-5zM18 17h1",
        ["users"] = "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-3.5 2.9-6 6.500-6s6.500 2.500 6.500 6M16 4.500a3.500 3.500 0 0 1 0 6.500M18 14.500c2.200.9 3.500 2.900 3.500 5.500",
        ["user"] = "M12 11.500a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20.500c0-4 3.300-6.500 7.500-6.500s7.500 2.500 7.500 6.500",
        ["sync"] = "M4 11a8 8 0 0 1 14-4.500L20 8.500M20 4v4.500h-4.500M20 13a8 8 0 0 1-14 4.500L4 15.500M4 20v-4.500h4.500",
        ["key"] = "M7.500 15.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM11 12h10M18 12v3.500M14.500 12v2.500",
        ["accounts"] = "M5 4h14v16H5zM12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM8 17.500c0-2 1.800-3 4-3s4 1 4 3",
        ["ticket"] = "M4 7h16v3a2 2 0 0 0 0 4v3H4v-3a2 2 0 0 0 0-4zM14 7v10",
        ["verify"] = "M6 3h8l4 4v14H6zM9 13.500l2 2 3.500-4",
        ["archive"] = "M4 4h16v5H4zM5.500 9v11h13V9M10 13h4",
        ["sliders"] = "M4 7h9M17 7h3M15 5v4M4 12h3M11 12h9M9 10v4M4 17h9M17 17h3M15 15v4",
        ["calendar"] = "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
        ["copy"] = "M9 9h11v11H9zM5 15H4V4h11v1",
        ["columns"] = "M4 5h16v14H4zM9.500 5v14M14.500 5v14",
        ["menu"] = "M4 6h16M4 12h16M4 18h16",
        ["chevron"] = "M6 9l6 6 6-6",
        ["sort-up"] = "M12 19V5M6 11l6-6 6 6",
        ["sort-down"] = "M12 5v14M6 13l6 6 6-6",
        ["previous"] = "M15 5l-7 7 7 7",
        ["next"] = "M9 5l7 7-7 7",
        ["check"] = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12.500l2.700 2.700L16 9.500",
        ["circle"] = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
        ["clock"] = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.500 2",
        ["pause"] = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM10 9v6M14 9v6",
        ["cross"] = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9 9l6 6M15 9l-6 6",
        ["warning"] = "M12 4L2.500 20h19zM12 10v4.500M12 17.200v.1",
        ["info"] = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8v.1",
        ["lock"] = "M6 11h12a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1zM8 11V8a4 4 0 0 1 8 0v3",
        ["search"] = "M10.500 18a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM16 16l5 5",
        ["database"] = "M12 9c4.400 0 8-1.300 8-3s-3.600-3-8-3-8 1.300-8 3 3.600 3 8 3zM4 6v12c0 1.700 3.600 3 8 3s8-1.300 8-3V6M4 12c0 1.700 3.600 3 8 3s8-1.300 8-3",
        ["edit"] = "M4 20h4L19.500 8.500l-4-4L4 16zM13 7l4 4",
        ["bell"] = "M6 16.500V11a6 6 0 1 1 12 0v5.500l1.500 2h-15zM10 21h4",
        ["activity"] = "M4 6h2M9 6h11M4 12h2M9 12h11M4 18h2M9 18h7",
        ["chart"] = "M4 4v16h16M7 15l4-5 3 3 5-7",
        ["mail"] = "M4 6h16v12H4zM4 7l8 6 8-6",
        ["shield"] = "M12 3l7.500 3v5.500c0 4.500-3.200 7.700-7.500 9.500-4.300-1.800-7.500-5-7.500-9.500V6zM12 9v4M12 15.800v.1",
        ["runs"] = "M4 6h9M4 12h9M4 18h5M17 6l4 3-4 3zM14 18h7",
        ["undo"] = "M8 5L4 9l4 4M4 9h10a5.500 5.500 0 0 1 0 11H8",
        ["leave"] = "M10 4H5a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h5M15 8l4 4-4 4M19 12H9",
    };

    /// <summary>All shapes, once in every document, for <see cref="Draw"/> to point at.</summary>
    public static MarkupString Sheet { get; } = new(
        $"""<svg class="icon-sheet" aria-hidden="true">{string.Concat(Paths.Select(icon => $"""<symbol id="icon-{icon.Key}" viewBox="0 0 24 24"><path d="{icon.Value}" /></symbol>"""))}</svg>""");

    /// <param name="size">Width and height in px.</param>
    public static MarkupString Draw(string name, int size = 20) => Drawn.GetOrAdd((name, size), icon => new MarkupString(
        $"""<svg class="icon" width="{icon.Size}" height="{icon.Size}" aria-hidden="true"><use href="#icon-{icon.Name}"></use></svg>"""));
}
