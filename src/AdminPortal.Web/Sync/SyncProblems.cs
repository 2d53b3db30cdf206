using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Sync;

/// <summary>The problem types of sync; the one place where its refusals become answers.</summary>
internal static class SyncProblems
{
    /// <summary>Seconds after which trying again makes sense.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    public static IResult Busy => ApiProblem.Result(503, "sync-unavailable", "The portal could not take this now.", "Nothing was taken. Send the same again after Retry-After.", Soon);

    public static IResult Off => ApiProblem.Result(404, "sync-off", "Sync is off for this service.", "The service has nothing that devices work on offline. Pairing and permissions work as everywhere.");

    public static IResult NotMigrated => ApiProblem.Result(503, "sync-unavailable", "Sync is not set up on this database yet.", "An admin has to apply the migrations that wait. Nothing was taken.", TimeSpan.FromMinutes(5));

    /// <param name="cause">What is missing.</param>
    public static IResult Altered(string cause) => ApiProblem.Result(503, "sync-unavailable", "The service's database is not as the portal needs it.", $"{cause} Nothing was taken: keep it, and send it later.", TimeSpan.FromMinutes(1));

    public static IResult From(SyncRefusal refusal) => refusal switch
    {
        SyncRefusal.Invalid invalid => ApiResults.Problem(invalid.Status, invalid.Type, "The request is not valid.", invalid.Message),
        SyncRefusal.NotRegistered => Of(refusal, "This device has not registered for sync.", "PUT /api/devices/me first."),
        SyncRefusal.NotYours => Of(refusal, "This device is registered for another person.", "PUT /api/devices/me binds it to its new person; its data here starts from nothing."),
        SyncRefusal.Outdated { Minimum: var minimum } => ApiProblem.Result(
            refusal.Status, refusal.Type, "This version of the app can no longer sync.", $"Update the app to {minimum} or newer. Nothing on the device is lost.", extensions: new() { ["minVersion"] = minimum }),
        SyncRefusal.PortalOutdated { Supported: var supported } => ApiProblem.Result(
            refusal.Status, refusal.Type, "The app is newer than the portal.", $"The portal knows schemaVersion {supported}. Keep the outbox, and try again when the portal has been updated.", TimeSpan.FromHours(1), new() { ["schemaVersion"] = supported }),
        SyncRefusal.TooLarge => TooLarge,
        SyncRefusal.CursorReset => Of(refusal, "This cursor is of another time.", "Pull everything again, without a cursor. Keep the outbox, and push it."),
        SyncRefusal.CursorExpired => Of(refusal, "This cursor is too old: deletions after it were forgotten.", "Pull everything again, without a cursor. Keep the outbox, and push it."),
        _ => throw new InvalidOperationException($"{refusal.GetType().Name} has no answer."),
    };

    public static IResult TooLarge => ApiResults.Problem(413, "batch-too-large", "The push is too large.", $"Send at most {PushBatch.Limit} operations and 512 KB at a time.");

    private static IResult Of(SyncRefusal refusal, string title, string detail) => ApiResults.Problem(refusal.Status, refusal.Type, title, detail);
}
