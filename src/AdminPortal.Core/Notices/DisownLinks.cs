using System.Globalization;
using System.Security.Cryptography;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Alerts;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Notices;

/// <summary>
/// The link "This was not me" of a mail about a new device: works once, for two weeks, without a sign-in. It can do nothing but suspend that device
/// and alert the admins. Following it only asks; a mail scanner that opens links changes nothing.
/// </summary>
public sealed class DisownLinks(
    IDataProtectionProvider keys, IOptions<PortalOptions> portal, IDbContextFactory<PortalDbContext> contexts, DeviceDisowning disowning)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromDays(14);

    private readonly ITimeLimitedDataProtector protector = keys.CreateProtector("AdminPortal.DisownLink").ToTimeLimitedDataProtector();

    internal string Create(long mailId, string accountId, string pairingId) => QueryHelpers.AddQueryString(
        $"{portal.Value.PublicUrl.TrimEnd('/')}/not-me", "link",
        protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{mailId} {accountId} {pairingId}"), Lasts));

    /// <summary>True: the link was made here, is not too old, and was not used.</summary>
    public async Task<bool> WorksAsync(string? link, CancellationToken cancellationToken)
    {
        if (Read(link) is not { } read)
        {
            return false;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Mails.AnyAsync(m => m.Id == read.MailId && m.AccountId == read.AccountId && m.LinkUsedAt == null, cancellationToken);
    }

    /// <summary>Suspends the device and alerts the admins, in the name of the account that got the mail. Null: the link does not work.</summary>
    /// <param name="address">Where the request came from.</param>
    public async Task<DisownOutcome?> UseAsync(string? link, string? address, CancellationToken cancellationToken)
    {
        if (Read(link) is not { } read)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var account = await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == read.AccountId && a.DisabledAt == null, cancellationToken);
        if (account is null || await MarkAsync(db, read, used: true, cancellationToken) == 0)
        {
            return null;
        }

        try
        {
            var actor = new Actor(account.Id, account.Email, account.Role, account.AppUserId, address);
            return await disowning.DisownAsync(actor, read.PairingId, "Said by the link of a mail.", cancellationToken);
        }
        catch
        {
            await MarkAsync(db, read, used: false, CancellationToken.None); // nothing was done: the link still works
            throw;
        }
    }

    private static Task<int> MarkAsync(PortalDbContext db, Link link, bool used, CancellationToken cancellationToken) =>
        db.Mails.Where(m => m.Id == link.MailId && m.AccountId == link.AccountId && m.LinkUsedAt == null == used)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.LinkUsedAt, m => used ? DatabaseClock.Now() : null), cancellationToken);

    private Link? Read(string? link)
    {
        try
        {
            return link is not null && protector.Unprotect(link).Split(' ') is [var mail, var account, var pairing]
                ? new Link(long.Parse(mail, CultureInfo.InvariantCulture), account, pairing) : null;
        }
        catch (CryptographicException)
        {
            return null; // made elsewhere, changed, or too old
        }
    }

    private sealed record Link(long MailId, string AccountId, string PairingId);
}
