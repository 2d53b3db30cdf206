using AdminPortal.Core.Devices;
using AdminPortal.Core.Permissions;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Web.Permissions;

/// <summary>What is wanted for one scope: whether it is granted, and for how long (a key of <see cref="Terms"/>).</summary>
internal sealed record ScopeDraft(bool Granted, string Lasts)
{
    /// <summary>The expiry that the grant has stays.</summary>
    public const string Unchanged = "same";

    public static IReadOnlyDictionary<string, (string Text, TimeSpan? Length)> Terms { get; } = new Dictionary<string, (string, TimeSpan?)>
    {
        [""] = ("While it is paired", null),
        ["1h"] = ("For 1 hour", TimeSpan.FromHours(1)),
        ["8h"] = ("For 8 hours", TimeSpan.FromHours(8)),
        ["1d"] = ("For 1 day", TimeSpan.FromDays(1)),
        ["7d"] = ("For 7 days", TimeSpan.FromDays(7)),
        ["30d"] = ("For 30 days", TimeSpan.FromDays(30)),
    };

    public static ScopeDraft Of(HeldScope? held) =>
        held is { InForce: true } ? new(true, held.ExpiresAt is null ? "" : Unchanged) : new(false, "");

    public ScopeGrant ToGrant(PermissionScope scope, HeldScope? held, DateTimeOffset now) => new(scope, Lasts == Unchanged
        ? held?.ExpiresAt is { } end ? new DateTimeOffset(DateTime.SpecifyKind(end, DateTimeKind.Utc)) : null
        : Terms[Lasts].Length is { } length ? now + length : null);
}
