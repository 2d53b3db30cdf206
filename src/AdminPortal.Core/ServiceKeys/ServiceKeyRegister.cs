using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.ServiceKeys;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.ServiceKeys;

/// <summary>
/// The keys with which services ask about devices' tokens. Admins make and revoke them; a revocation holds from the
/// service's next call on. Every act is audited before it commits, so that none goes unrecorded.
/// </summary>
public sealed class ServiceKeyRegister(DeviceDatabases databases, AuditLog audit)
{
    /// <summary>There are few services; more keys than this are a mistake, and the list shows no more.</summary>
    private const int MaximumKeys = 200;

    private const string Find = """
        SELECT id, name, "lastUsedAt" IS NULL OR "lastUsedAt" < now() - interval '1 minute' FROM portal.service_keys WHERE "keyHash" = $1 AND "revokedAt" IS NULL
        """;

    /// <summary>Living keys first, then the revoked ones, newest first. Empty for anyone but admins.</summary>
    public async Task<IReadOnlyList<ServiceKeyRow>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin)
        {
            return [];
        }

        await using var db = databases.CreateDbContext();
        return await db.ServiceKeys.AsNoTracking().OrderBy(k => k.RevokedAt != null).ThenByDescending(k => k.CreatedAt).ThenBy(k => k.Id).Take(MaximumKeys)
            .Select(k => new ServiceKeyRow(
                k.Id, k.Name, k.Ending, k.CreatedAt, k.CreatedBy, k.LastUsedAt, k.LastUsedAddress, k.RevokedAt, k.RevokedBy))
            .ToListAsync(cancellationToken);
    }

    /// <param name="name">What people call the service; 1–80 characters, and no other living key's.</param>
    public async Task<ServiceKeyOutcome> CreateAsync(Actor actor, string name, CancellationToken cancellationToken)
    {
        await actor.DemandFreshAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return new ServiceKeyOutcome.NotAllowed();
        }

        if (Names.Clean(name) is not { } clean || Names.Check(name, "The name") is not null)
        {
            return new ServiceKeyOutcome.Invalid(Names.Check(name, "The name") ?? "Say which service this key is for.");
        }

        var key = ServiceKeySecret.New();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.ServiceKeys.CountAsync(k => k.RevokedAt == null, cancellationToken) >= MaximumKeys)
        {
            return new ServiceKeyOutcome.Invalid($"There are {MaximumKeys} keys already. Revoke those that no service uses.");
        }

        var row = new ServiceKey
        {
            Id = Ids.New(),
            Name = clean,
            KeyHash = ServiceKeySecret.Hash(key),
            Ending = ServiceKeySecret.Ending(key),
            CreatedBy = actor.Name ?? actor.Id,
        };
        db.ServiceKeys.Add(row);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return new ServiceKeyOutcome.NameTaken();
        }

        await audit.WriteAsync(actor, "service-key.created", clean, "ok", reason: null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
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

        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var by = actor.Name ?? actor.Id;
        var revoked = await db.ServiceKeys.Where(k => k.Id == id && k.RevokedAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(k => k.RevokedAt, _ => DatabaseClock.Now()).SetProperty(k => k.RevokedBy, by), cancellationToken);
        var row = await db.ServiceKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Id == id, cancellationToken);
        if (row is null || revoked == 0)
        {
            return row is null ? new ServiceKeyOutcome.NotFound() : new ServiceKeyOutcome.AlreadyRevoked(row.RevokedAt!.Value, row.RevokedBy);
        }

        await audit.WriteAsync(actor, "service-key.revoked", row.Name, "ok", reason: null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ServiceKeyOutcome.Revoked();
    }

    /// <summary>Whose key this is, by one SELECT and no cache; null: nobody's, or a revoked one. Remembers the use, at most once a minute.</summary>
    public async Task<AuthenticatedService?> AuthenticateAsync(string key, string? address, CancellationToken cancellationToken)
    {
        if (!ServiceKeySecret.IsKey(key))
        {
            return null;
        }

        if (await FindAsync(ServiceKeySecret.Hash(key), cancellationToken) is not { } found)
        {
            return null;
        }

        if (found.UsedLongAgo)
        {
            await using var db = databases.CreateKeyedDbContext();
            await db.ServiceKeys.Where(k => k.Id == found.Id && (k.LastUsedAt == null || k.LastUsedAt < DatabaseClock.Now().AddMinutes(-1))).ExecuteUpdateAsync(
                set => set.SetProperty(k => k.LastUsedAt, _ => DatabaseClock.Now()).SetProperty(k => k.LastUsedAddress, address), cancellationToken);
        }

        return new AuthenticatedService(found.Id, found.Name);
    }

    /// <summary>Bare Npgsql, as for devices' tokens: it precedes every question that a service asks.</summary>
    private async Task<FoundKey?> FindAsync(string hash, CancellationToken cancellationToken)
    {
        await using var command = databases.KeyedDataSource.CreateCommand(Find);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = hash });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new FoundKey(reader.GetString(0), reader.GetString(1), reader.GetBoolean(2)) : null;
    }

    private sealed record FoundKey(string Id, string Name, bool UsedLongAgo);
}
