using AdminPortal.Web.Layout.Drawing;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Layout;

/// <summary>Not parts of a page but its words: what stands in every row or column of a long list. See <see cref="Html"/> for why.</summary>
internal static class Inline
{
    /// <summary>The same as the component When.</summary>
    /// <param name="at">UTC.</param>
    public static MarkupString TimeOf(DateTime? at, ViewerClock clock) => at is { } time
        ? Html.Of($"""<time datetime="{time:yyyy-MM-ddTHH:mm:ssZ}">{clock.Relative(new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)))}</time>""")
        : Html.Of($"""<span class="muted">never</span>""");

    /// <summary>A person's name, leading to their page, and their address below where the name is another.</summary>
    public static MarkupString PersonOf(string id, string person, string? email) => email is null
        ? Html.Of($"""<span class="cell-lines"><a class="clip" href="/users/{Uri.EscapeDataString(id)}">{person}</a></span>""")
        : Html.Of($"""<span class="cell-lines"><a class="clip" href="/users/{Uri.EscapeDataString(id)}">{person}</a><span class="muted small clip">{email}</span></span>""");

    /// <summary>A column's head that sorts: a link, since the order is part of the page's address, which the keyboard reaches as any other.</summary>
    /// <param name="address">Where the list is sorted by this column, or the other way round when it is already.</param>
    /// <param name="current">The list is sorted by this column.</param>
    /// <param name="kind">The class of the head, for its width.</param>
    public static MarkupString SortOf(string text, string address, bool current, bool descending, string? kind)
    {
        var (order, arrow) = !current ? ("none", default) : descending ? ("descending", Icons.Draw("sort-down", 14)) : ("ascending", Icons.Draw("sort-up", 14));
        return Html.Of($"""<th scope="col" class="{kind}" aria-sort="{order}"><a class="sort" href="{address}" title="Sort by {text.ToLowerInvariant()}">{text} {arrow}</a></th>""");
    }
}
