using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Data;
using AdminPortal.Data.ServiceKeys;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.ServiceKeys;

/// <summary>
/// The keys with which directories make and disable accounts. In the portal's own database, as accounts are: a person who left is disabled also
/// while a managed database is away. A revocation holds from the next call on.
/// </summary>
public sealed class DirectoryKeyRegister(IDbContextFactory<PortalDbContext> contexts)
{
    private const int MaximumKeys = 200;

    /// <summary>Living keys first, then the revoked ones, newest first. Empty for anyone but admins.</summary>
    public async Task<IReadOnlyList<ServiceKeyRow>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin)
        {
            return [];
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.DirectoryKeys.AsNoTracking().OrderBy(k => k.RevokedAt != null).ThenByDescending(k => k.CreatedAt).ThenBy(k => k.Id).Take(MaximumKeys)
            .Select(k => new ServiceKeyRow(k.Id, k.Name, k.Ending, k.CreatedAt, k.CreatedBy, k.LastUsedAt, k.LastUsedAddress, k.RevokedAt, k.RevokedBy))
            .ToListAsync(cancellationToken);
    }

    /// <param name="name">What people call the directory; no other living key's.</param>
    public async Task<ServiceKeyOutcome> CreateAsync(Actor actor, string name, CancellationToken cancellationToken)
    {
        await actor.DemandFreshAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return new ServiceKeyOutcome.NotAllowed();
        }

        if (Names.Clean(name) is not { } clean || Names.Check(name, "The name") is not null)
        {
            return new ServiceKeyOutcome.Invalid(Names.Check(name, "The name") ?? "Say which directory this key is for.");
        }

        var key = ServiceKeySecret.New(ServiceKeySecret.DirectoryPrefix);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.DirectoryKeys.CountAsync(k => k.RevokedAt == null, cancellationToken) >= MaximumKeys)
        {
            return new ServiceKeyOutcome.Invalid($"There are {MaximumKeys} keys already. Revoke those that no directory uses.");
        }

        var row = new DirectoryKey { Id = Ids.New(), Name = clean, KeyHash = ServiceKeySecret.Hash(key), Ending = ServiceKeySecret.Ending(key), CreatedBy = actor.Name ?? actor.Id };
        db.DirectoryKeys.Add(row);
        AuditLog.Add(db, actor, "service-key.created", $"SCIM: {clean}");
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return new ServiceKeyOutcome.NameTaken();
        }

        return new ServiceKeyOutcome.Created(row.Id, key);
    }

    /// <summary>Ends a key for good.</summary>
    public async Task<ServiceKeyOutcome> RevokeAsync(Actor actor, string id, CancellationToken cancellationToken)
    {
        await actor.DemandFreshAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return new ServiceKeyOutcome.NotAllowed();
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var by = actor.Name ?? actor.Id;
        var revoked = await db.DirectoryKeys.Where(k => k.Id == id && k.RevokedAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(k => k.RevokedAt, _ => DatabaseClock.Now()).SetProperty(k => k.RevokedBy, by), cancellationToken);
        var row = await db.DirectoryKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Id == id, cancellationToken);
        if (row is null || revoked == 0)
        {
            return row is null ? new ServiceKeyOutcome.NotFound() : new ServiceKeyOutcome.AlreadyRevoked(row.RevokedAt!.Value, row.RevokedBy);
        }

        AuditLog.Add(db, actor, "service-key.revoked", $"SCIM: {row.Name}");
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ServiceKeyOutcome.Revoked();
    }

    /// <summary>Whose key this is; null: nobody's, or a revoked one.</summary>
    public async Task<AuthenticatedService?> AuthenticateAsync(string key, string? address, CancellationToken cancellationToken)
    {
        if (!ServiceKeySecret.IsKey(key, ServiceKeySecret.DirectoryPrefix))
        {
            return null;
        }

        var hash = ServiceKeySecret.Hash(key);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await db.DirectoryKeys.AsNoTracking().Where(k => k.KeyHash == hash && k.RevokedAt == null)
            .Select(k => new { k.Id, k.Name, IsOld = k.LastUsedAt == null || k.LastUsedAt < DatabaseClock.Now().AddMinutes(-1) }).SingleOrDefaultAsync(cancellationToken);
        if (found is { IsOld: true })
        {
            await db.DirectoryKeys.Where(k => k.Id == found.Id).ExecuteUpdateAsync(
                set => set.SetProperty(k => k.LastUsedAt, _ => DatabaseClock.Now()).SetProperty(k => k.LastUsedAddress, address), cancellationToken);
        }

        return found is null ? null : new AuthenticatedService(found.Id, found.Name);
    }
}
