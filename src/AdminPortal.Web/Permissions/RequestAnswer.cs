namespace AdminPortal.Web.Permissions;

/// <summary>What a person answers to a device's request.</summary>
/// <param name="Until">For a grant: UTC; null: as long as the pairing lasts.</param>
public sealed record RequestAnswer(DateTimeOffset? Until, string? Reason);
