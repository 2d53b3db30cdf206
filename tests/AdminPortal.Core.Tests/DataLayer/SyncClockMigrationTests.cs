using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.DataLayer;

/// <summary>Rows that devices with absurd clocks left before their times were checked.</summary>
public sealed class SyncClockMigrationTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MendSyncClocks_RowsOfAbsurdClocks_AreMended_AndCannotComeAgain()
    {
        await using var database = await cluster.CreateEmptyDatabaseAsync(Token);
        await Contexts.MigrateAsync(Contexts.Device, database.OwnerConnectionString, "add_activity_events_by_run");
        await using var connection = await Sql.OpenAsync(database.OwnerConnectionString);
        await connection.ExecuteAsync("""
            INSERT INTO sync.device_state ("deviceId", "userId", "clockSkewSeconds", "oldestPendingAt") VALUES
                ('first', 'u', -2147483648, '-infinity'), ('last', 'u', 2147483647, 'infinity'), ('late', 'u', NULL, '9999-12-31'), ('right', 'u', 3, '2026-01-02 03:04:05+00'), ('none', 'u', NULL, NULL)
            """);

        await Contexts.MigrateAsync(Contexts.Device, database.OwnerConnectionString, "mend_sync_clocks");

        Assert.Equal(
            ["first -2144448000", "last 2144448000", "late", "none", "right 3 2026-01-02"],
            await connection.ListAsync("""SELECT concat_ws(' ', "deviceId", "clockSkewSeconds", ("oldestPendingAt" AT TIME ZONE 'utc')::date) FROM sync.device_state ORDER BY "deviceId" """));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("""UPDATE sync.device_state SET "clockSkewSeconds" = -2147483648"""));
        Assert.Equal(PostgresErrorCodes.CheckViolation, refused.SqlState);
    }
}
