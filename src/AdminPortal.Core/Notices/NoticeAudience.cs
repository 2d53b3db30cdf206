using AdminPortal.Core.OperatorNotices;
using AdminPortal.Core.Permissions;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Notices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Notices;

/// <summary>
/// Who is told: the account of the person whose device it is, and admins where somebody has to act. Never whoever did it,
/// and nobody whose account is disabled.
/// </summary>
internal sealed class NoticeAudience
{
    private readonly List<Recipient> recipients;

    private NoticeAudience(List<Recipient> recipients) => this.recipients = recipients;

    public static async Task<NoticeAudience> ReadAsync(PortalDbContext portal, IReadOnlyCollection<PendingNotice> pending, CancellationToken cancellationToken)
    {
        var users = pending.Select(n => n.UserId).Distinct().ToArray();
        var admins = pending.Any(IsForAdmins);
        return new NoticeAudience(await portal.Accounts.AsNoTracking()
            .Where(a => a.DisabledAt == null && ((a.AppUserId != null && users.Contains(a.AppUserId)) || (admins && a.Role == AccountRole.Admin)))
            .Select(a => new Recipient(
                a.Id, a.AppUserId, a.Role == AccountRole.Admin, a.NoticesByMail && a.Email != null,
                portal.OperatorChoices.Where(c => c.AccountId == a.Id).Select(c => c.Topics).FirstOrDefault()))
            .ToListAsync(cancellationToken));
    }

    public IEnumerable<Recipient> Of(PendingNotice notice) => recipients.Where(
        r => r.AccountId != notice.ActorId && ((r.UserId == notice.UserId && IsForOwner(notice)) || (r.IsAdmin && IsForAdmins(notice) && Wants(r, notice))));

    /// <summary>Somebody has to act, and the owner alone cannot.</summary>
    private static bool IsForAdmins(PendingNotice notice) => notice.Kind is NoticeKind.DeviceDisowned or NoticeKind.PolicyHeld
        || (notice.Kind == NoticeKind.PermissionRequested && notice.Detail?.EndsWith(PermissionNotices.NeedsAdmin, StringComparison.Ordinal) == true);

    /// <summary>Admins choose which of the portal's own matters they hear of.</summary>
    private static bool Wants(Recipient admin, PendingNotice notice) => notice.Kind switch
    {
        NoticeKind.DeviceDisowned => OperatorChoices.IsTold(admin.Topics, AccountRole.Admin, OperatorTopic.Alerts),
        NoticeKind.PolicyHeld => OperatorChoices.IsTold(admin.Topics, AccountRole.Admin, OperatorTopic.Policies),
        _ => true,
    };

    /// <summary>A device that signed itself out is no news to the person who holds it.</summary>
    private static bool IsForOwner(PendingNotice notice) => notice.Kind is not (NoticeKind.DeviceDisowned or NoticeKind.PolicyHeld)
        && (notice.Kind != NoticeKind.DeviceRevoked || notice.ActorId != $"device:{notice.PairingId}");

    /// <param name="ByMail">True: wants notices by mail too.</param>
    /// <param name="Topics">What an admin chose to hear of; null: everything.</param>
    internal sealed record Recipient(string AccountId, string? UserId, bool IsAdmin, bool ByMail, string[]? Topics);
}
