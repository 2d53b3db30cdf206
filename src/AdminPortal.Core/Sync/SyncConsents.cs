using System.Globalization;
using System.Security.Cryptography;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Pairing;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Sync;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Sync;

/// <summary>
/// A person lets one colleague of support see the words of their tasks for a while: they read a code aloud, and whoever types it is the
/// one. Only a keyed hash of the code is kept; both the beginning and an early end are in the person's history.
/// </summary>
public sealed class SyncConsents(IDbContextFactory<DeviceDbContext> databases, IShortCodeKey key)
{
    public static readonly TimeSpan CodeLasts = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan ViewLasts = TimeSpan.FromMinutes(30);
    public const int MostMisses = 5;

    /// <summary>A new code of six digits, shown this once; an older one and a view that is open end. Null: the actor is no person of the service.</summary>
    public async Task<string?> OfferAsync(Actor actor, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsPerson || actor.UserId is not { } user)
        {
            return null;
        }

        await EndAsync(actor, user, cancellationToken);
        var (id, code) = (Ids.New(), RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture));
        var hash = await HashAsync(id, code, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""INSERT INTO sync.consents (id, "userId", "codeHash", "expiresAt") VALUES ({id}, {user}, {hash}, now() + {CodeLasts})""", cancellationToken);
        await db.NotifyAsync(new DeviceChange(user, null, null), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return code;
    }

    /// <summary>Opens the words of the person to the actor, if this is the person's code.</summary>
    public async Task<RedeemOutcome> RedeemAsync(Actor actor, string userId, string code, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.SeesEveryone)
        {
            return new RedeemOutcome.NotAllowed();
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var offer = await db.SyncConsents.FromSql($"""
            SELECT * FROM sync.consents WHERE "userId" = {userId} AND "givenTo" IS NULL AND "endedAt" IS NULL AND "expiresAt" > now() AND misses < {MostMisses}
            ORDER BY "createdAt" DESC LIMIT 1 FOR UPDATE
            """).SingleOrDefaultAsync(cancellationToken);
        if (offer is null)
        {
            return new RedeemOutcome.NoCode();
        }

        var typed = new string([.. code.Where(char.IsAsciiDigit)]);
        if (!CryptographicOperations.FixedTimeEquals(await HashAsync(offer.Id, typed, cancellationToken), offer.CodeHash))
        {
            await db.SyncConsents.Where(c => c.Id == offer.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.Misses, c => c.Misses + 1), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new RedeemOutcome.WrongCode(MostMisses - offer.Misses - 1);
        }

        var name = actor.Name ?? actor.Id;
        await db.Database.ExecuteSqlAsync(
            $"""UPDATE sync.consents SET "givenTo" = {actor.Id}, "givenToName" = {name}, "givenAt" = now(), "expiresAt" = now() + {ViewLasts} WHERE id = {offer.Id}""", cancellationToken);
        var until = await db.SyncConsents.Where(c => c.Id == offer.Id).Select(c => c.ExpiresAt).SingleAsync(cancellationToken);
        db.AddEvent(DeviceEventKind.ConsentGiven, userId, actor, detail: $"to {name}, until {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
        await db.SaveChangesAsync(cancellationToken);
        await db.NotifyAsync(new DeviceChange(userId, null, null), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new RedeemOutcome.Opened(until);
    }

    /// <summary>Ends the person's code and view at once: by the person, or by whoever looks. False: there was nothing to end that is the actor's.</summary>
    public async Task<bool> EndAsync(Actor actor, string userId, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var open = Open(db, userId);
        if (!actor.Owns(userId))
        {
            open = open.Where(c => c.GivenTo == actor.Id);
        }

        var given = await open.Where(c => c.GivenTo != null).Select(c => c.GivenToName).ToListAsync(cancellationToken);
        if (await open.ExecuteUpdateAsync(set => set.SetProperty(c => c.EndedAt, _ => DatabaseClock.Now()), cancellationToken) == 0)
        {
            return false;
        }

        foreach (var name in given)
        {
            db.AddEvent(DeviceEventKind.ConsentEnded, userId, actor, detail: $"to {name}");
        }

        await db.SaveChangesAsync(cancellationToken);
        await db.NotifyAsync(new DeviceChange(userId, null, null), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    internal static async Task<ConsentState> StateAsync(DeviceDbContext db, Actor actor, string userId, CancellationToken cancellationToken)
    {
        var open = await Open(db, userId).OrderByDescending(c => c.CreatedAt).Select(c => new { c.GivenTo, c.GivenToName, c.ExpiresAt }).ToListAsync(cancellationToken);
        var view = open.FirstOrDefault(c => c.GivenTo is not null);
        var own = actor.Owns(userId);
        return new ConsentState(
            own, own || open.Any(c => actor.SeesEveryone && c.GivenTo == actor.Id), open.FirstOrDefault(c => c.GivenTo is null)?.ExpiresAt, view?.GivenToName, view?.ExpiresAt);
    }

    private static IQueryable<SyncConsent> Open(DeviceDbContext db, string userId) =>
        db.SyncConsents.AsNoTracking().Where(c => c.UserId == userId && c.EndedAt == null && c.ExpiresAt > DatabaseClock.Now() && (c.GivenTo != null || c.Misses < MostMisses));

    private Task<byte[]> HashAsync(string id, string code, CancellationToken cancellationToken) => key.HmacAsync($"sync-consent:{id}:{code}", cancellationToken);
}
