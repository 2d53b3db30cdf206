using AdminPortal.Core.Lists;

namespace AdminPortal.Core.Users;

/// <summary>What a list of users can be sorted by.</summary>
public enum UserSort
{
    Name,
    LastSynced,
    Joined,
    Id,

    /// <summary>How many work: the clock decides, so no index has it. For up to <see cref="ListReading.CountedLimit"/> rows.</summary>
    Devices,
}

/// <summary>Which users, in which order, from where, and how many (1–200).</summary>
/// <param name="Filter">Null: every user.</param>
/// <param name="Cursor">From the page before; of another sort or unreadable: the list starts at its beginning.</param>
public sealed record UserQuery(
    UserFilter? Filter = null, UserSort Sort = UserSort.Name, bool Descending = false, string? Cursor = null, int Limit = 50)
{
    public UserFilter Filter { get; init; } = Filter ?? UserFilter.None;
}
