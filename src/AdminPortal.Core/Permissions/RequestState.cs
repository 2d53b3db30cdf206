namespace AdminPortal.Core.Permissions;

/// <summary>The words of <c>permission_requests.state</c>.</summary>
public static class RequestState
{
    public const string Open = "open";
    public const string Granted = "granted";
    public const string Refused = "refused";

    /// <summary>The pairing ended before anyone decided.</summary>
    public const string Void = "void";
}
