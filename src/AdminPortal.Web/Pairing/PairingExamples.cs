using AdminPortal.Web.ApiDescription;

namespace AdminPortal.Web.Pairing;

/// <summary>The examples of pairing in the API's description. Its answers with the same status differ by <c>type</c>; the commonest stands here.</summary>
internal static class PairingExamples
{
    private const string Paired = """
        {"success":true,"data":{"status":"paired","deviceId":"device-123","sessionToken":"dvc_Zm9v…","expiresAt":"2030-03-01T08:00:00Z","permissions":[{"scope":"WRITE_NOTES","expiresAt":null}]}}
        """;

    private static readonly ApiExample CodeWrong = ApiExample.Problem(403, "code-wrong", "The code is not right.");
    private static readonly ApiExample Refused = ApiExample.Problem(403, "pairing-refused", "The pairing was refused in the portal.");
    private static readonly ApiExample CodeUsed = ApiExample.Problem(409, "code-used", "The code was used already.");
    private static readonly ApiExample CodeExpired = ApiExample.Problem(410, "code-expired", "The code has expired.");
    private static readonly ApiExample BelongsToAnother = ApiExample.Problem(409, "device-belongs-to-another", "This device is paired with another person.");

    public static readonly object[] CreateSession =
    [
        new ApiExample(
            """{"permissions":["WRITE_NOTES",{"scope":"VIEW_TRANSCRIPT","expiresAt":"2030-01-01T00:00:00Z"}],"deviceType":"MOBILE_IOS","deviceName":"Ward phone","pairingDays":90}""",
            """
            {"success":true,"data":{"sessionId":"0123456789abcdef0123456789abcdef","url":"https://portal.example.org/p#eyJzZXNzaW9u…","qrPayload":{"sessionId":"0123456789abcdef0123456789abcdef","userId":"u1","pairingCode":"q83vEjRWeJq83vEjRWeJqA","expiresAt":1893456120000,"ttl":120},"shortCode":"BCDF-GHJK","expiresAt":"2030-01-01T00:02:00Z","svg":"<svg …></svg>"}}
            """),
        ApiExample.Problem(403, "account-not-linked", "This account is not linked to a person whose devices could be paired."),
    ];

    public static readonly object[] SessionStatus = [new ApiExample(null, Status("claimed", null))];

    public static readonly object[] Confirm =
    [
        new ApiExample("""{"matchNumber":"47"}""", Status("confirmed", null)), Refused, CodeExpired,
        ApiExample.Problem(409, "code-not-claimed", "No device has used this code yet."),
    ];

    public static readonly object[] Refuse = [new ApiExample(null, Status("refused", "refused")), CodeUsed, CodeExpired];

    public static readonly object[] Claim =
    [
        new ApiExample(
            """
            {"qrPayload":{"sessionId":"0123456789abcdef0123456789abcdef","userId":"u1","deviceId":"device-123","deviceType":"MOBILE_IOS","pairingCode":"q83vEjRWeJq83vEjRWeJqA","expiresAt":1893456120000},"deviceName":"Ward phone","platform":"iOS","osVersion":"26.1","appVersion":"1.4.0"}
            """,
            """
            {"success":true,"data":{"status":"pending_confirmation","sessionId":"0123456789abcdef0123456789abcdef","matchNumber":"47","pollUrl":"https://portal.example.org/api/qr/pair/0123456789abcdef0123456789abcdef","pollToken":"nWm0…","pollIntervalSeconds":2,"expiresAt":"2030-01-01T00:10:00Z"}}
            """,
            202),
        new ApiExample(null, Paired, 201), CodeWrong, CodeUsed, CodeExpired,
    ];

    public static readonly object[] Preview =
    [
        new ApiExample(
            """{"shortCode":"BCDF-GHJK"}""",
            """{"success":true,"data":{"account":"a•••@e•••.org","permissions":[{"scope":"WRITE_NOTES","label":"Write notes","expiresAt":null}],"deviceType":null,"expiresAt":"2030-01-01T00:02:00Z","pairingDays":90}}"""),
        CodeWrong, CodeUsed, CodeExpired,
    ];

    public static readonly object[] Collect =
    [
        new ApiExample(null, Paired, 200),
        new ApiExample(null, """{"success":true,"data":{"status":"pending_confirmation","pollIntervalSeconds":2,"expiresAt":"2030-01-01T00:10:00Z"}}""", 202),
        ApiExample.Problem(401, "token-unknown", "No pairing waits for this poll token."), Refused, BelongsToAnother, CodeExpired,
    ];

    private static string Status(string state, string? reason) => $$$"""
        {"success":true,"data":{"state":"{{{state}}}","device":{"deviceId":"device-123","deviceType":"MOBILE_IOS","deviceName":"Ward phone","platform":"iOS","osVersion":"26.1","appVersion":"1.4.0","address":"203.0.113.7","addressIsUnlike":true,"chosenName":null},"expiresAt":"2030-01-01T00:10:00Z","endReason":{{{(reason is null ? "null" : $"\"{reason}\"")}}}}}
        """;
}
