using AdminPortal.Core.Permissions;
using AdminPortal.Data.Activity;

namespace AdminPortal.Web.Devices;

/// <summary>A device's history in people's words.</summary>
internal static class HistoryWords
{
    public static string Of(string kind) => kind switch
    {
        DeviceEventKind.Scanned => "Code scanned",
        DeviceEventKind.Confirmed => "Confirmed by number",
        DeviceEventKind.Refused => "Refused",
        DeviceEventKind.CodeBurnt => "Code blocked after wrong attempts",
        DeviceEventKind.CodeLeaked => "Code seen on a second device",
        DeviceEventKind.Paired => "Paired",
        DeviceEventKind.Renewed => "Renewed by the device",
        DeviceEventKind.Renamed => "Renamed",
        DeviceEventKind.PermissionGranted => "Permission granted",
        DeviceEventKind.PermissionRemoved => "Permission taken away",
        DeviceEventKind.PermissionExpired => "Permission expired",
        DeviceEventKind.Quarantined => "Quarantined",
        DeviceEventKind.Released => "Released",
        DeviceEventKind.Revoked => "Revoked",
        DeviceEventKind.Acknowledged => "The device confirmed its revocation",
        DeviceEventKind.Expired => "Expired",
        DeviceEventKind.PermissionRequested => "Permission asked for",
        DeviceEventKind.PermissionRefused => "Permission refused",
        DeviceEventKind.Disowned => "The owner says: this was not me",
        DeviceEventKind.AlertClosed => "An administrator concluded",
        DeviceEventKind.PolicyWarned => "Warned by a policy",
        DeviceEventKind.PolicyShortened => "Shortened by a policy",
        DeviceEventKind.MovedAway => "Paired by another person",
        DeviceEventKind.SyncRebound => "Registered for sync under another person",
        DeviceEventKind.ResyncRequested => "Asked to read everything again",
        DeviceEventKind.ResyncTakenBack => "No longer asked to read everything again",
        DeviceEventKind.ConflictRestored => "A value that was not taken was put back",
        DeviceEventKind.SyncDismissed => "A sync problem was dismissed",
        DeviceEventKind.RejectionRetried => "A refused change was applied after all",
        DeviceEventKind.PushTokenCleared => "Push token deleted",
        DeviceEventKind.ConsentGiven => "Let support see the words of their tasks",
        DeviceEventKind.ConsentEnded => "No longer lets support see the words of their tasks",
        DeviceEventKind.Removed => "Deleted by the clean-up",
        _ => kind,
    };

    /// <summary>Details of permissions begin with the scope's word.</summary>
    public static string? Detail(string? detail)
    {
        var word = detail?.Split(' ', 2);
        return word is null ? null : string.Join(' ', [ScopeLabels.OfWord(word[0]), .. word.Skip(1)]);
    }
}
