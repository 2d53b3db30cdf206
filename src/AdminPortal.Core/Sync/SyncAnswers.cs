namespace AdminPortal.Core.Sync;

/// <summary>What the server answered to a device or thought of one of its changes, in words for people.</summary>
public static class SyncAnswers
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["device-revoked"] = "its pairing was revoked",
        ["device-quarantined"] = "it is quarantined",
        ["device-expired"] = "its pairing has expired",
        ["device-not-registered"] = "the app has not registered it for sync",
        ["device-not-yours"] = "it is registered for another person",
        ["token-unknown"] = "the server does not know its token",
        ["sign-in-required"] = "it did not sign in",
        ["forbidden"] = "it lacks the permission",
        ["app-version-unsupported"] = "its version of the app may no longer sync",
        ["portal-outdated"] = "its app is newer than the server",
        ["invalid-request"] = "the app sent something that the server does not understand",
        ["batch-too-large"] = "the app sent too much at once",
        ["cursor-reset"] = "it has to read everything again",
        ["cursor-expired"] = "it was silent for so long that it has to read everything again",
        ["sync-unavailable"] = "the server was too busy",
        ["too-many-requests"] = "it asked too often",
        ["validation"] = "a value is not valid",
        ["gone"] = "the item was deleted before",
        ["client-id-unavailable"] = "the item's id is taken",
        ["op-id-reused"] = "the app used one number for two changes",
        ["dependency-failed"] = "a change that it builds on was refused",
        ["dependency-missing"] = "a change that it builds on has not arrived",
        ["changed"] = "somebody else was quicker, and the app decides itself",
        ["too-large"] = "the change is too large",
    };

    /// <summary>Half a sentence without a full stop; a type that is not known stands for itself.</summary>
    /// <param name="type">The name of a problem type, such as <c>device-revoked</c>.</param>
    public static string Of(string? type) => type is null ? "no reason is on record" : Words.GetValueOrDefault(type, type);
}
