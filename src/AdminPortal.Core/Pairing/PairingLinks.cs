using AdminPortal.Core.Activity;
using AdminPortal.Core.Mail;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Policies;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Pairing;
using AdminPortal.Data.Permissions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Pairing;

/// <summary>
/// Links by which admins and support help a user to pair a device from afar. A link works once and for a day, cannot be typed as a short
/// code, and allows nothing that the user could not grant. The device that opens it still waits for the number that the user types after
/// signing in, unless the portal's policy asks for none.
/// </summary>
public sealed class PairingLinks(
    DeviceDatabases databases, IShortCodeKey shortCodeKey, PairingLimits limits, PairingCodes codes, SmtpMail smtp, AuditLog audit, IOptions<PairingOptions> options,
    IOptions<PortalOptions> portal, ILogger<PairingLinks> logger)
{
    /// <summary>Until a link that nobody used is of no use any more.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>False: there is no mail server, so a link has to be handed over.</summary>
    public bool CanMail => smtp.Configured;

    public async Task<PairingLinkChoice> ChoiceAsync(string userId, CancellationToken cancellationToken)
    {
        var policies = await codes.PoliciesAsync(userId, cancellationToken);
        var offered = ScopeLabels.All.Where(scope => !ScopeRules.IsForAdmins(scope, policies)).ToList();
        return new PairingLinkChoice(offered, [.. (await codes.LastChoiceAsync(userId, cancellationToken)).Select(grant => grant.Scope).Intersect(offered)]);
    }

    /// <summary>Makes a link, and mails it where there is a mail server.</summary>
    public async Task<PairingLinkOutcome> CreateAsync(Actor actor, string userId, IReadOnlyCollection<PermissionScope> scopes, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.SeesEveryone)
        {
            return new PairingLinkOutcome.NotAllowed();
        }

        if (scopes.Count == 0)
        {
            return new PairingLinkOutcome.Invalid("Choose at least one thing that the device may do.");
        }

        await using var db = databases.CreateKeyedDbContext();
        var user = await db.Users.Where(u => u.Id == userId).Select(u => new { u.Email, u.Name, Now = DatabaseClock.Now() }).FirstOrDefaultAsync(cancellationToken);
        if (user is null)
        {
            return new PairingLinkOutcome.NotFound();
        }

        var policies = await HeldPolicies.ForAsync(db, userId, null, cancellationToken);
        if (scopes.Any(scope => ScopeRules.IsForAdmins(scope, policies)))
        {
            return new PairingLinkOutcome.Invalid("A link cannot give what only an administrator grants. Grant it on the device's page once it is paired.");
        }

        if (limits.CountCode(actor.Id) is { } wait)
        {
            return new PairingLinkOutcome.TooMany(wait);
        }

        var pairingCode = PairingSecrets.NewPairingCode();
        var session = new PairingSession
        {
            Id = PairingSecrets.NewSessionId(),
            UserId = userId,
            SecretHash = PairingSecrets.Hash(pairingCode),
            ShortCodeHmac = await shortCodeKey.HmacAsync(PairingSecrets.NewClaimKey(), cancellationToken), // of nothing that anybody can type
            Scopes = ScopeJson.Write([.. scopes.Distinct().Select(scope => new ScopeGrant(scope))]),
            PairingDays = policies.Cap(options.Value.DefaultDays),
            CreatedAddress = actor.Address,
            CreatedAt = user.Now,
            ExpiresAt = user.Now + Lifetime,
        };
        db.PairingSessions.Add(session);
        await db.SaveChangesAsync(cancellationToken);
        await audit.WriteAsync(actor, "pairing-link.made", userId, "ok", null, cancellationToken);
        var url = PairingAddress.Of(portal.Value, new QrPayload(session.Id, userId, pairingCode, session.ExpiresAt.ToUnixTimeMilliseconds(), (int)Lifetime.TotalSeconds));
        var isMailed = smtp.Configured && await MailAsync(actor, user.Email, user.Name, url, session.ExpiresAt, cancellationToken);
        return new PairingLinkOutcome.Made(new PairingLink(url, session.ExpiresAt, isMailed ? user.Email : null, smtp.Configured && !isMailed));
    }

    /// <summary>False: the mail server did not take it; the link can still be handed over.</summary>
    private async Task<bool> MailAsync(Actor actor, string email, string? name, string url, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        try
        {
            var letter = new Letter(
                email,
                "Pair your device",
                [
                    new LetterPart($"Hello{(name is null ? "" : $" {Defang.Text(name)}")}, open this link on the device that you want to pair:", [], [("Pair this device", url)]),
                    new LetterPart($"The device shows a number. Sign in at {portal.Value.PublicUrl.TrimEnd('/')}/pair and type it there."),
                ],
                $"The link works once, until {expiresAt:yyyy-MM-dd HH:mm} UTC. If you did not ask for it, do nothing.");
            await smtp.SendAsync(letter, $"pairing-link-{Ids.New()}", cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.LogError(exception, "A pairing link could not be mailed. It can still be handed over.");
            return false;
        }

        await audit.WriteAsync(actor, "pairing-link.mailed", email, "ok", null, cancellationToken);
        return true;
    }
}
