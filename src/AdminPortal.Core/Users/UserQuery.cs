namespace AdminPortal.Core.Users;

/// <summary>What a list of users can be sorted by.</summary>
public enum UserSort
{
    Name,
    LastSynced,
    Joined,
}

/// <summary>Which users, in which order, from where, and how many (1–200).</summary>
/// <param name="Search">A part of the name or e-mail.</param>
public sealed record UserQuery(string? Search = null, UserSort Sort = UserSort.Name, bool Descending = false, string? Cursor = null, int Limit = 50);
