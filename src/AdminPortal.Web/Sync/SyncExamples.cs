using AdminPortal.Web.ApiDescription;

namespace AdminPortal.Web.Sync;

/// <summary>Examples for the API's description.</summary>
internal static class SyncExamples
{
    private static readonly ApiExample Outdated = ApiExample.Problem(403, "app-version-unsupported", "This version of the app can no longer sync.");

    public static object[] Register { get; } =
    [
        new ApiExample(
            """{"platform":"ios","osVersion":"26.1","appVersion":"1.5.2","schemaVersion":1,"pushToken":"c8a1…"}""",
            """{"success":true,"data":{"deviceId":"device-123","maySync":true,"minAppVersion":"1.4","schemaVersion":1,"serverTime":"2030-01-01T08:00:00Z"}}"""),
        ApiExample.Problem(401, "device-revoked", "This device's pairing was ended."),
    ];

    public static object[] Push { get; } =
    [
        new ApiExample(
            """{"schemaVersion":1,"sentAt":"2030-01-01T08:00:00Z","state":{"pending":0,"oldestPendingAt":null,"rejected":0},"ops":[{"opId":"0b9f2c6e","seq":1,"entity":"task","op":"create","clientId":"c-7d41","fields":{"title":"Call the pharmacy"}},{"opId":"51e0a7d2","seq":2,"entity":"task","op":"update","id":"01a20412f3127aedbf29a2c73242fdb1","baseVersion":811,"fields":{"status":"done"}}]}""",
            """{"success":true,"data":{"results":[{"replayed":false,"opId":"0b9f2c6e","status":"applied","id":"01a20412f3127aedbf29a2c73242fdb2","clientId":"c-7d41","version":813},{"replayed":false,"opId":"51e0a7d2","status":"merged","id":"01a20412f3127aedbf29a2c73242fdb1","clientId":null,"version":814,"row":{"title":"Order bandages","notes":null,"status":"done","dueAt":null,"completedAt":null}}],"head":814,"serverTime":"2030-01-01T08:00:01Z"}}"""),
        Outdated,
        ApiExample.Problem(413, "batch-too-large", "The push is too large."),
        ApiExample.Problem(503, "portal-outdated", "The app is newer than the portal."),
    ];

    public static object[] Pull { get; } =
    [
        new ApiExample(
            null,
            """{"success":true,"data":{"changes":[{"entity":"task","id":"01a20412f3127aedbf29a2c73242fdb1","clientId":null,"version":812,"deleted":false,"fields":{"title":"Order bandages","notes":null,"status":"open","dueAt":"2030-01-02T08:00:00Z","completedAt":null}},{"entity":"task","id":"01a20412f3127aedbf29a2c73242fdb0","clientId":null,"version":813,"deleted":true,"fields":null}],"cursor":"MSA1…","hasMore":false,"head":813,"serverTime":"2030-01-01T08:00:00Z"}}"""),
        new ApiExample(
            null,
            """ "{\"entity\":\"task\",\"id\":\"01a20412f3127aedbf29a2c73242fdb0\",\"clientId\":null,\"version\":813,\"deleted\":true,\"fields\":null}\n{\"cursor\":\"MyA1…\",\"hasMore\":false,\"head\":813,\"serverTime\":\"2030-01-01T08:00:00Z\"}\n" """,
            MediaType: PullStream.ContentType),
        Outdated,
        ApiExample.Problem(409, "cursor-reset", "This cursor is of another time."),
        ApiExample.Problem(410, "cursor-expired", "This cursor is too old: deletions after it were forgotten."),
    ];

    public static object[] Conflicts { get; } =
    [
        new ApiExample(
            null,
            """{"success":true,"data":{"conflicts":[{"id":"01a20412f3127aedbf29a2c73242fdb9","entity":"task","entityId":"01a20412f3127aedbf29a2c73242fdb1","opId":"51e0a7d2","mine":true,"lost":{"title":"Order bandages"},"byDelete":false,"at":"2030-01-01T08:00:00Z","closed":null}]}}"""),
        ApiExample.Problem(409, "device-not-registered", "This device has not registered for sync."),
    ];

    public static object[] Report { get; } =
    [
        new ApiExample(
            """{"sentAt":"2030-01-01T08:00:00Z","state":{"pending":7,"oldestPendingAt":"2029-12-31T20:00:00Z","rejected":0},"appVersion":"1.3.0","problem":"The last push was answered with 403.","details":{"freeSpaceMb":512}}""",
            """{"success":true,"data":{"serverTime":"2030-01-01T08:00:00Z"}}"""),
        ApiExample.Problem(401, "device-revoked", "This device's pairing was ended."),
    ];
}
