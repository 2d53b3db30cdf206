namespace AdminPortal.Core.Sync;

/// <summary>Everything that explains the sync of one device. Words of the person are null unless the reader may see them.</summary>
/// <param name="Consent">How it stands with the person's words: see <see cref="SyncConsents"/>.</param>
/// <param name="Contacts">Of the last seven days; hours without a contact are left out.</param>
public sealed record SyncDetail(
    SyncStanding Standing, SyncThresholds Thresholds, IReadOnlyList<SyncRequestLine> Requests, IReadOnlyList<RejectionLine> Rejections, IReadOnlyList<ConflictLine> Conflicts,
    ConsentState Consent, string? Report, IReadOnlyList<SyncContactHour> Contacts);

/// <summary>How often a device was in contact within an hour, and how often it was refused.</summary>
/// <param name="At">The hour's beginning.</param>
public sealed record SyncContactHour(DateTimeOffset At, int Requests, int Refused);

/// <summary>A sync request that was answered.</summary>
public sealed record SyncRequestLine(
    DateTimeOffset At, string Kind, short Status, string? Problem, string? TraceId, int Milliseconds, int Items, int Applied, int Conflicts, int Rejected, long? Head, string? AppVersion);

/// <summary>An operation that was refused for good.</summary>
/// <param name="Fields">Which it wanted to write, by name; others than the API's are left out.</param>
/// <param name="Words">The operation's values by field; null: they may not be seen.</param>
public sealed record RejectionLine(
    string Id, DateTimeOffset At, string Entity, string? EntityId, string? ClientId, string Problem, string Detail, IReadOnlyList<string> Fields,
    IReadOnlyDictionary<string, string>? Words, string? Closed, string? ClosedBy, DateTimeOffset? ClosedAt);

/// <summary>Values that a conflict overwrote or refused.</summary>
/// <param name="Lost">True: the values of this device lost; false: it overwrote another's.</param>
/// <param name="Words">The values that lost, by field; null: they may not be seen.</param>
public sealed record ConflictLine(
    string Id, DateTimeOffset At, string Entity, string EntityId, bool Lost, bool ByDelete, IReadOnlyList<string> Fields,
    IReadOnlyDictionary<string, string>? Words, string? Closed, string? ClosedBy, DateTimeOffset? ClosedAt);
