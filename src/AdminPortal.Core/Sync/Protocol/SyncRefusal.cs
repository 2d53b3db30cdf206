namespace AdminPortal.Core.Sync.Protocol;

/// <summary>Why a request as a whole was refused. Nothing was done.</summary>
public abstract record SyncRefusal(string Type, int Status)
{
    /// <summary>The device has to register first.</summary>
    public sealed record NotRegistered() : SyncRefusal("device-not-registered", 409);

    /// <summary>The device is registered for another person.</summary>
    public sealed record NotYours() : SyncRefusal("device-not-yours", 403);

    /// <param name="Minimum">The oldest app version that may sync.</param>
    public sealed record Outdated(string Minimum) : SyncRefusal("app-version-unsupported", 403);

    /// <summary>The app is newer than the portal: nothing is wrong with it, and it waits for the portal's update.</summary>
    public sealed record PortalOutdated(int Supported) : SyncRefusal("portal-outdated", 503);

    public sealed record Invalid(string Message) : SyncRefusal("invalid-request", 400);

    /// <summary>More operations or bytes than a push may have.</summary>
    public sealed record TooLarge() : SyncRefusal("batch-too-large", 413);

    /// <summary>The cursor is of another time: read everything again, from no cursor, and keep the outbox.</summary>
    public sealed record CursorReset() : SyncRefusal("cursor-reset", 409);

    /// <summary>Deletions after this cursor were forgotten: the same as <see cref="CursorReset"/>.</summary>
    public sealed record CursorExpired() : SyncRefusal("cursor-expired", 410);
}
