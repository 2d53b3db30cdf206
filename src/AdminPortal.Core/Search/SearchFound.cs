namespace AdminPortal.Core.Search;

/// <summary>What was found.</summary>
/// <param name="Instead">The words that are near what was typed, which stands nowhere; null: what was typed.</param>
public sealed record SearchFound(IReadOnlyList<SearchHit> Hits, string? Instead = null);
