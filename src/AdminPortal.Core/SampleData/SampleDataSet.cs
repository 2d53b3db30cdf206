using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.SampleData;

/// <summary>An account of the sample, to try the portal with.</summary>
public sealed record SampleAccount(AccountRole Role, string Email, string Password);

/// <summary>
/// Clearly marked sample people and devices for the embedded primary target: put in once, removed by one button, and
/// never put in again after that.
/// </summary>
public sealed class SampleDataSet(
    DeviceDatabases databases, IDbContextFactory<PortalDbContext> portal, AccountService accounts, AuditLog audit, DeviceChanges changes,
    IOptions<PortalOptions> options, TimeProvider time)
{
    public const string AdminEmail = "admin@sample.example";
    public const string SupportEmail = "support@sample.example";
    public const string UserEmail = "user@sample.example";

    private const string CreatedAction = "sample-data.created";

    /// <summary>True while any of it is there.</summary>
    public async Task<bool> ExistsAsync(CancellationToken cancellationToken)
    {
        await using var db = await portal.CreateDbContextAsync(cancellationToken);
        return await db.Accounts.AnyAsync(a => a.IsSample, cancellationToken);
    }

    /// <summary>Puts the sample in, if this portal never had it and nobody is in the database. A half-done start is completed.</summary>
    public async Task CreateAsync(IReadOnlyList<SampleAccount> people, CancellationToken cancellationToken)
    {
        await using var portalDb = await portal.CreateDbContextAsync(cancellationToken);
        if (await portalDb.AuditEvents.AnyAsync(e => e.Action == CreatedAction, cancellationToken))
        {
            return;
        }

        await using var source = OwnerSource(); // people are not the portal's role to make
        await using var db = TargetAccess.CreateContext(source);
        if (!await db.Users.AnyAsync(cancellationToken))
        {
            SamplePeople.AddTo(db, time.GetUtcNow().UtcDateTime);
            await db.SaveChangesAsync(cancellationToken);
        }

        foreach (var person in people)
        {
            var userId = await db.Users.Where(u => u.Email == person.Email).Select(u => u.Id).FirstOrDefaultAsync(cancellationToken);
            var account = new CreateAccount(person.Email, person.Role, person.Password, userId, IsSample: true);
            var outcome = await accounts.CreateAsync(account, Actor.Portal with { Role = AccountRole.Admin }, cancellationToken);
            if (outcome is not (AccountOutcome.Done or AccountOutcome.EmailTaken))
            {
                throw new InvalidOperationException($"The sample account {person.Email} could not be made: {outcome.Message}");
            }
        }

        await audit.WriteAsync(Actor.Portal, CreatedAction, databases.PrimaryName, "ok", null, cancellationToken);
    }

    /// <summary>
    /// Removes the sample people with all that hangs on them, and their accounts; nothing that anybody added besides.
    /// Takes the owner's rights, because the sample's history goes too. Where the people are the host's none of them is sample, whatever its
    /// id begins with. False: the actor may not.
    /// </summary>
    public async Task<bool> RemoveAsync(Actor actor, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return false;
        }

        await using var source = OwnerSource();
        await using (var connection = await source.OpenConnectionAsync(cancellationToken))
        {
            await RemoveFromAsync(connection, cancellationToken);
        }

        await using var portalDb = await portal.CreateDbContextAsync(cancellationToken);
        await portalDb.Accounts.Where(a => a.IsSample).ExecuteDeleteAsync(cancellationToken);
        await AccountSessions.TellAsync(portalDb, "", cancellationToken);
        await audit.WriteAsync(actor, "sample-data.removed", databases.PrimaryName, "ok", null, cancellationToken);
        changes.Publish(DeviceChange.Everything);
        return true;
    }

    /// <summary>The people of the sample and all that hangs on them, in one transaction; none where the people are the host's.</summary>
    internal static async Task RemoveFromAsync(Npgsql.NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!await MigrationSteps.MadePeopleAsync(connection, cancellationToken))
        {
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var sql in RemovalSql)
        {
            await using var command = new Npgsql.NpgsqlCommand(sql, connection, transaction) { Parameters = { new() { Value = SamplePeople.IdPrefix + "%" } } };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private Npgsql.NpgsqlDataSource OwnerSource()
    {
        var target = options.Value.Targets[databases.PrimaryName];
        return DatabaseOptions.CreateDataSource(target.OwnerConnectionString ?? target.ConnectionString);
    }

    private static readonly string[] RemovalSql =
    [
        """DELETE FROM portal.device_events WHERE "userId" LIKE $1""",
        """DELETE FROM portal.token_history WHERE "userId" LIKE $1""",
        """DELETE FROM portal.pairing_sessions WHERE "userId" LIKE $1""",
        """DELETE FROM public.users WHERE id LIKE $1""", // devices, pairings, permissions, tasks and sessions go with them
    ];
}
