using AdminPortal.Data.Accounts;

namespace AdminPortal.Core.Accounts;

/// <summary>The person whom an account stood for is not there any more.</summary>
public sealed record LostLink(string AccountId, string Email, string UserId, LinkLoss Loss)
{
    /// <summary>For people.</summary>
    public string Words => Loss == LinkLoss.Gone ? $"nobody has the id {UserId} any more" : $"the id {UserId} is another person's now";
}

/// <summary>A time in which an account stood for a person.</summary>
public sealed record LinkSpan(string UserId, DateTimeOffset From, DateTimeOffset? Until);
