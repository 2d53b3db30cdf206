using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Notices;

namespace AdminPortal.Core.Notices;

/// <summary>
/// Adds rows to <c>portal.notice_outbox</c>, to be saved in the transaction of what they tell. People are told from there
/// afterwards, so that no notice is lost and none tells what did not happen.
/// </summary>
internal static class NoticeOutbox
{
    /// <param name="kind">One of <see cref="NoticeKind"/>'s words.</param>
    /// <param name="userId">Whose device it is about.</param>
    /// <param name="runId">What it belongs to: people hear once of all their devices.</param>
    public static void AddNotice(
        this DeviceDbContext db, string kind, string userId, Actor actor,
        string? pairingId = null, string? deviceTitle = null, string? reason = null, string? detail = null, string? runId = null) =>
        db.PendingNotices.Add(new PendingNotice
        {
            Kind = kind,
            UserId = userId,
            PairingId = pairingId,
            DeviceTitle = deviceTitle,
            ActorId = actor.Id,
            ActorName = actor.Name,
            Reason = reason,
            Detail = detail,
            RunId = runId,
        });
}
