using AdminPortal.Core.Sync.Protocol;

namespace AdminPortal.Web.Sync;

/// <summary>The line that operators look for, as the guide of mobile sync tells them.</summary>
internal sealed partial class SyncLog(ILogger<SyncLog> logger)
{
    /// <summary>Says nothing of a push that applied nothing.</summary>
    public void Pushed(SyncCaller caller, SyncAnswer answer)
    {
        if (answer.Applied > 0)
        {
            LogSynced(logger, caller.UserId, caller.DeviceId, answer.Applied, answer.Conflicts, answer.Rejected, answer.Head ?? 0, (long)answer.Took.TotalMilliseconds, answer.TraceId);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Tasks synced: user {UserId}, device {DeviceId}, {Applied} applied, {Conflicts} conflicts, {Rejected} rejected, head {Head}, {Milliseconds} ms, trace {TraceId}.")]
    private static partial void LogSynced(ILogger logger, string userId, string deviceId, int applied, int conflicts, int rejected, long head, long milliseconds, string? traceId);
}
