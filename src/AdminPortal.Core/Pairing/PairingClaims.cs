using System.Text.Json;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Notices;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Notices;
using AdminPortal.Data.Pairing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Pairing;

/// <summary>
/// A device presents a code. One conditional UPDATE decides: of any number of simultaneous claims exactly one wins, and
/// the winner can repeat its call (same claim key) and gets the same answer, so a lost reply costs nothing.
/// </summary>
public sealed class PairingClaims
{
    private readonly DeviceDatabases databases;
    private readonly PresentedCode presented;
    private readonly PairingCollection collection;
    private readonly PairingLimits limits;
    private readonly PairingOptions options;

    public PairingClaims(
        DeviceDatabases databases, IShortCodeKey shortCodeKey, PairingCollection collection,
        PairingLimits limits, IOptions<PairingOptions> options)
    {
        this.databases = databases;
        this.collection = collection;
        this.limits = limits;
        this.options = options.Value;
        presented = new PresentedCode(shortCodeKey, limits, options);
    }

    /// <summary>Says what a code would allow, without claiming it: a link preview binds nobody.</summary>
    public async Task<PreviewOutcome> PreviewAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        if (request.CheckCode() is { } problem)
        {
            return new PreviewOutcome.Failed(new ClaimOutcome.Invalid(problem));
        }

        await using var db = databases.CreateKeyedDbContext();
        var (found, failure) = await presented.FindAsync(db, request, cancellationToken);
        if (found is null)
        {
            return new PreviewOutcome.Failed(failure!);
        }

        if (Ended(found) is { } ended)
        {
            return new PreviewOutcome.Failed(ended);
        }

        var session = found.Session;
        var email = await db.Users.Where(u => u.Id == session.UserId).Select(u => u.Email).FirstOrDefaultAsync(cancellationToken);
        if (email is null)
        {
            return new PreviewOutcome.Failed(new ClaimOutcome.CodeExpired()); // the person was deleted meanwhile
        }

        return new PreviewOutcome.Found(new CodePreview(
            EmailMask.Mask(email), ScopeJson.Read(session.Scopes), session.ExpectedDeviceType, session.ExpiresAt, session.PairingDays));
    }

    public async Task<ClaimOutcome> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        if (request.Check() is { } problem)
        {
            return new ClaimOutcome.Invalid(problem);
        }

        request = request.Fitting();
        var claimKey = request.ClaimKey ?? PairingSecrets.NewClaimKey();
        await using var db = databases.CreateKeyedDbContext();
        for (var attempt = 0; ; attempt++)
        {
            var (found, failure) = await presented.FindAsync(db, request, cancellationToken);
            if (found is null)
            {
                return failure!;
            }

            if (!await db.Users.AnyAsync(u => u.Id == found.Session.UserId, cancellationToken))
            {
                return new ClaimOutcome.CodeExpired(); // the person was deleted meanwhile
            }

            if (IsRepeat(found, request, claimKey))
            {
                return await AnswerAsync(found.Session, claimKey, cancellationToken);
            }

            if (Ended(found) is { } ended)
            {
                var byAnother = ended is ClaimOutcome.CodeUsed && !PairingSecrets.Matches(claimKey, found.Session.ClaimKeyHash);
                return byAnother ? await LeakedAsync(db, found.Session, request, cancellationToken) : ended;
            }

            if (await RefuseAsync(db, found.Session, request, cancellationToken) is { } refusal)
            {
                return refusal;
            }

            if (await TryClaimAsync(db, found, request, claimKey, cancellationToken) is { } claimed)
            {
                return await AnswerAsync(claimed, claimKey, cancellationToken);
            }

            if (attempt == 2)
            {
                return new ClaimOutcome.CodeUsed(); // three races lost in a row: somebody else has it
            }
        }
    }

    private static bool IsRepeat(FoundSession found, ClaimRequest request, string claimKey) =>
        (found.Session.State is PairingState.Collected || (found.Session.State is PairingState.Claimed or PairingState.Confirmed && !found.Expired))
        && found.Session.DeviceId == request.DeviceId && found.Session.Seed is not null && PairingSecrets.Matches(claimKey, found.Session.ClaimKeyHash);

    /// <summary>Why this code cannot be claimed any more, or null.</summary>
    private static ClaimOutcome? Ended(FoundSession found) => found.Session.State switch
    {
        PairingState.Open or PairingState.Claimed or PairingState.Confirmed when found.Expired => new ClaimOutcome.CodeExpired(),
        PairingState.Open => null,
        PairingState.Refused => new ClaimOutcome.Refused(found.Session.EndReason),
        PairingState.Burnt => new ClaimOutcome.CodeBurnt(),
        _ => new ClaimOutcome.CodeUsed(),
    };

    private async Task<ClaimOutcome> AnswerAsync(PairingSession session, string claimKey, CancellationToken cancellationToken)
    {
        if (session.State is PairingState.Claimed || options.RequireConfirmation)
        {
            return new ClaimOutcome.PendingConfirmation(session.Id, PairingSecrets.MatchNumber(session.Seed!), claimKey, session.ExpiresAt);
        }

        return await collection.CollectAsync(session.Id, claimKey, session.Address, cancellationToken) switch
        {
            CollectOutcome.Paired paired => new ClaimOutcome.Paired(paired.Device),
            CollectOutcome.DeviceBelongsToAnother => new ClaimOutcome.DeviceBelongsToAnother(),
            CollectOutcome.DeviceQuarantined => new ClaimOutcome.DeviceQuarantined(),
            CollectOutcome.DeviceLimitReached => new ClaimOutcome.DeviceLimitReached(),
            CollectOutcome.DeviceTypeNotAllowed => new ClaimOutcome.DeviceTypeNotAllowed(),
            CollectOutcome.Burnt => new ClaimOutcome.CodeBurnt(),
            CollectOutcome.Refused refused => new ClaimOutcome.Refused(refused.Reason),
            _ => new ClaimOutcome.CodeUsed(),
        };
    }

    /// <summary>What speaks against this device, found before the code is spent.</summary>
    private static async Task<ClaimOutcome?> RefuseAsync(DeviceDbContext db, PairingSession session, ClaimRequest request, CancellationToken cancellationToken)
    {
        if (session.ExpectedDeviceType is { } expected && expected != request.DeviceType)
        {
            return new ClaimOutcome.Invalid("This code was made for another type of device. Choose that type, or make a code for any device.");
        }

        var (ownership, ownPairingId) = await DeviceOwnership.CheckAsync(db, request.DeviceId!, session.UserId, cancellationToken);
        switch (ownership)
        {
            case DeviceOwnership.BelongsToAnother:
                return new ClaimOutcome.DeviceBelongsToAnother();
            case DeviceOwnership.Quarantined:
                return new ClaimOutcome.DeviceQuarantined();
        }

        return await PairingPolicies.ObstacleAsync(db, session.UserId, ownPairingId, request.DeviceId!, request.DeviceType!.Value, cancellationToken) switch
        {
            PairingEnds.DeviceTypeNotAllowed => new ClaimOutcome.DeviceTypeNotAllowed(),
            PairingEnds.DeviceLimitReached => new ClaimOutcome.DeviceLimitReached(),
            _ => null,
        };
    }

    private async Task<PairingSession?> TryClaimAsync(
        DeviceDbContext db, FoundSession found, ClaimRequest request, string claimKey, CancellationToken cancellationToken)
    {
        var session = found.Session;
        session.State = options.RequireConfirmation ? PairingState.Claimed : PairingState.Confirmed;
        session.ClaimKeyHash = PairingSecrets.Hash(claimKey);
        session.Seed = PairingSecrets.NewSeed();
        session.ExpiresAt = found.Now.AddSeconds(options.ClaimedSeconds);
        session.DeviceId = request.DeviceId;
        session.Address = request.Address;

        var (state, device) = (session.State.ToString().ToLowerInvariant(), DeviceActor(request));
        var change = JsonSerializer.Serialize(new DeviceChange(session.UserId, null, session.Id));
        // One statement, which commits by itself: the claim, its row of history, and the announcement.
        var claimed = await db.Database.SqlQuery<int>($"""
            WITH claimed AS (
                UPDATE portal.pairing_sessions SET state = {state}, "claimKeyHash" = {session.ClaimKeyHash}, seed = {session.Seed},
                    "expiresAt" = {session.ExpiresAt}, "claimedAt" = {found.Now}, "deviceId" = {request.DeviceId}, "deviceType" = {request.DeviceType!.Value},
                    "deviceName" = {request.DeviceName}, platform = {request.Platform}, "osVersion" = {request.OsVersion}, "appVersion" = {request.AppVersion},
                    address = {request.Address}, "userAgent" = {request.StoredUserAgent}
                WHERE id = {session.Id} AND state = 'open' AND "expiresAt" > now()
                RETURNING "userId", "deviceId"
            ), written AS (
                INSERT INTO portal.device_events (kind, "userId", "deviceId", "actorId", "actorName", address)
                SELECT {DeviceEventKind.Scanned}, "userId", "deviceId", {device.Id}, {device.Name}, {device.Address} FROM claimed
            ), told AS (
                SELECT pg_notify({DeviceChangeListener.Channel}, {change}) FROM claimed
            )
            SELECT count(*)::int AS "Value" FROM told
            """).ToListAsync(cancellationToken);
        return claimed is [1] ? session : null;
    }

    /// <summary>The right secret from a second holder: blocks the pairing if it is not complete, and says so in the history.</summary>
    private async Task<ClaimOutcome> LeakedAsync(DeviceDbContext db, PairingSession session, ClaimRequest request, CancellationToken cancellationToken)
    {
        limits.CountFailure(request.Address, byShortCode: false);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var blocked = await db.PairingSessions
            .Where(s => s.Id == session.Id && (s.State == PairingState.Claimed || s.State == PairingState.Confirmed))
            .ExecuteUpdateAsync(
                set => set.SetProperty(s => s.State, PairingState.Burnt).SetProperty(s => s.EndReason, PairingEnds.Leaked)
                    .SetProperty(s => s.Seed, (byte[]?)null),
                cancellationToken);
        db.AddEvent(
            DeviceEventKind.CodeLeaked, session.UserId, DeviceActor(request), deviceId: request.DeviceId,
            detail: blocked > 0 ? "The pairing was blocked." : "The pairing was complete before.");
        if (blocked > 0)
        {
            db.AddNotice(NoticeKind.CodeLeakBlocked, session.UserId, DeviceActor(request));
        }

        await db.SaveChangesAsync(cancellationToken);
        await db.NotifyAsync(new DeviceChange(session.UserId, null, session.Id), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ClaimOutcome.CodeUsed();
    }

    private static Actor DeviceActor(ClaimRequest request) => new("device", request.DeviceName, null, null, request.Address);
}
