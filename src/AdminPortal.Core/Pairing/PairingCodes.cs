using System.Text;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Policies;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Pairing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Pairing;

/// <summary>Makes pairing codes, and remembers what a person chose for the last one.</summary>
public sealed class PairingCodes(
    DeviceDatabases databases,
    AccountLinks links,
    IShortCodeKey shortCodeKey,
    PairingLimits limits,
    IOptions<PairingOptions> options,
    IOptions<PortalOptions> portal,
    TimeProvider time)
{
    /// <summary>Makes a code for the actor's own devices.</summary>
    public async Task<CreateCodeOutcome> CreateAsync(Actor actor, CodeRequest request, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsPerson)
        {
            return new CreateCodeOutcome.NotAllowed();
        }

        if (actor.UserId is not { } userId || !await links.HoldsAsync(actor, cancellationToken))
        {
            return new CreateCodeOutcome.NotLinked();
        }

        if (Check(request) is { } problem)
        {
            return new CreateCodeOutcome.Invalid(problem);
        }

        await using var db = databases.CreateKeyedDbContext();
        var policies = await HeldPolicies.ForAsync(db, userId, null, cancellationToken);
        if (ScopeRules.NeedAdmin(actor, request.Scopes, policies) is { Count: > 0 } forAdmins)
        {
            return new CreateCodeOutcome.NotAllowed(forAdmins);
        }

        if (CheckPolicies(request, policies) is { } against)
        {
            return new CreateCodeOutcome.Invalid(against);
        }

        if (limits.CountCode(actor.Id) is { } wait)
        {
            return new CreateCodeOutcome.TooMany(wait);
        }

        var pairingCode = PairingSecrets.NewPairingCode();
        var shortCode = PairingSecrets.NewShortCode();
        var shortCodeHmac = await shortCodeKey.HmacAsync(shortCode, cancellationToken);
        var now = await db.Users.Where(u => u.Id == userId).Select(_ => (DateTimeOffset?)DatabaseClock.Now()).FirstOrDefaultAsync(cancellationToken);
        if (now is null)
        {
            return new CreateCodeOutcome.NotLinked();
        }

        var session = new PairingSession
        {
            Id = PairingSecrets.NewSessionId(),
            UserId = userId,
            SecretHash = PairingSecrets.Hash(pairingCode),
            ShortCodeHmac = shortCodeHmac,
            Scopes = ScopeJson.Write(request.Scopes),
            ExpectedDeviceType = request.DeviceType,
            ChosenDeviceName = Names.Clean(request.DeviceName),
            PairingDays = request.PairingDays ?? policies.Cap(options.Value.DefaultDays),
            CreatedAddress = actor.Address,
            CreatedAt = now.Value,
            ExpiresAt = now.Value.AddSeconds(options.Value.CodeSeconds),
        };
        db.PairingSessions.Add(session);
        await db.SaveChangesAsync(cancellationToken);
        return new CreateCodeOutcome.Created(Show(session, pairingCode, shortCode));
    }

    /// <summary>The scopes of the person's last code, to be offered again; empty when there was none.</summary>
    public async Task<IReadOnlyList<ScopeGrant>> LastChoiceAsync(string userId, CancellationToken cancellationToken)
    {
        await using var db = databases.CreateKeyedDbContext();
        var scopes = await db.PairingSessions.AsNoTracking().Where(s => s.UserId == userId)
            .OrderByDescending(s => s.CreatedAt).Select(s => s.Scopes).FirstOrDefaultAsync(cancellationToken);
        return scopes is null ? [] : ScopeJson.Read(scopes);
    }

    /// <summary>What the policies say for this person, so that a page offers nothing that would be refused.</summary>
    public async Task<HeldPolicies> PoliciesAsync(string userId, CancellationToken cancellationToken)
    {
        await using var db = databases.CreateKeyedDbContext();
        return await HeldPolicies.ForAsync(db, userId, null, cancellationToken);
    }

    private PairingCode Show(PairingSession session, string pairingCode, string shortCode)
    {
        var payload = new QrPayload(
            session.Id, session.UserId, pairingCode, session.ExpiresAt.ToUnixTimeMilliseconds(), options.Value.CodeSeconds);
        var url = PairingAddress.Of(portal.Value, payload);
        var svg = QrImage.Svg(options.Value.QrFormat == QrFormat.Json ? Encoding.UTF8.GetString(PairingAddress.Payload(payload)) : url);
        return new PairingCode(session.Id, url, payload, PairingSecrets.FormatShortCode(shortCode), session.ExpiresAt, svg);
    }

    private static string? CheckPolicies(CodeRequest request, HeldPolicies policies) =>
        request.PairingDays > policies.LongestPairingDays ? $"A policy of this portal lets a pairing last {policies.LongestPairingDays} days at most."
        : request.DeviceType is { } type && !policies.Allows(type) ? $"A policy of this portal does not allow this type of device. {PolicyWords.Allowed(policies)}"
        : null;

    private string? Check(CodeRequest request)
    {
        if (request.Scopes.Count == 0)
        {
            return "Choose at least one thing that the device may do.";
        }

        if (request.PairingDays is { } days && (days < 1 || days > options.Value.MaximumDays))
        {
            return $"A pairing lasts between 1 and {options.Value.MaximumDays} days.";
        }

        return ScopeRules.Check(request.Scopes, time)
            ?? (request.DeviceType is { } type && !Enum.IsDefined(type) ? "The device type is not known." : null)
            ?? Names.Check(request.DeviceName, "The device's name (deviceName)");
    }
}
