namespace AdminPortal.Web.Layout;

/// <param name="Section">The navigation's heading above it; null: none.</param>
/// <param name="Policy">Who may open it.</param>
/// <param name="Words">By which else people look for it.</param>
internal sealed record PortalPage(string Address, string Icon, string Title, string? Section, string Policy, string Words)
{
    /// <summary>True when every word typed begins a word of the page.</summary>
    public bool Matches(string text)
    {
        var own = $"{Title} {Words}".Split(' ');
        return text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .All(typed => own.Any(word => word.StartsWith(typed, StringComparison.CurrentCultureIgnoreCase)));
    }
}
