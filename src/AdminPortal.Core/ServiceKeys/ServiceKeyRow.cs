namespace AdminPortal.Core.ServiceKeys;

/// <summary>A service key as admins see it; times in UTC. The key itself is not kept anywhere.</summary>
/// <param name="Ending">The key's last four characters.</param>
public sealed record ServiceKeyRow(
    string Id, string Name, string Ending, DateTimeOffset CreatedAt, string CreatedBy,
    DateTimeOffset? LastUsedAt, string? LastUsedAddress, DateTimeOffset? RevokedAt, string? RevokedBy);
