namespace AdminPortal.Core.Users;

/// <summary>A user of the service in a list; times in UTC.</summary>
public sealed record UserRow(
    string Id, string? Name, string Email, int ActiveDevices, int AllDevices, DateTime? LastSyncedAt, DateTime JoinedAt)
{
    public string Person => Name ?? Email;
}
