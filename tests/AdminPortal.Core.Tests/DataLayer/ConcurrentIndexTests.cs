using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.DataLayer;

/// <summary>The indexes on tables that existed before: writers go on meanwhile, and a failed build can be repeated.</summary>
public sealed class ConcurrentIndexTests(PostgresCluster cluster)
{
    private const string InsertEvent = """INSERT INTO portal.device_events (kind, "userId", "actorId") VALUES ('paired', 'u', 'device')""";
    private const string Person = """INSERT INTO public.users (id, email, "updatedAt") VALUES ('u', 'u@example.org', now())""";

    private const string InsertUser = """INSERT INTO public.users (id, email, "updatedAt") SELECT i, i, now() FROM CAST(gen_random_uuid() AS text) i""";

    private const string InsertPairing = """
        INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "sessionToken", "expiresAt", "updatedAt")
        SELECT i, 'u', i, 'TABLET', i, now(), now() FROM CAST(gen_random_uuid() AS text) i
        """;

    private const string InsertSyncDevice = """
        INSERT INTO public.devices (id, "userId", "deviceId", platform, "appVersion", "updatedAt") SELECT i, 'u', i, 'ios', '1', now() FROM CAST(gen_random_uuid() AS text) i
        """;

    /// <summary>Migration, the one before it, index, and a write to the index's table.</summary>
    public static TheoryData<string, string, string, string> Indexes => new()
    {
        { "add_mobile_sync_support_tasks_client_id", "add_mobile_sync_support", "tasks_clientId_key", InsertTask("gen_random_uuid()") },
        { "add_mobile_sync_support_focus_sessions_client_id", "add_mobile_sync_support_tasks_client_id", "focus_sessions_clientId_key", InsertSession("gen_random_uuid()") },
        { "add_mobile_sync_support_users_last_synced_at", "add_mobile_sync_support_focus_sessions_client_id", "users_lastSyncedAt_idx",
            InsertUser },
        { "add_device_administration_token_history", "add_device_administration", "token_history_pairingId_endedAt_idx",
            """INSERT INTO portal.token_history (hash, "pairingId", "userId", reason) VALUES (gen_random_uuid(), 'p', 'u', 'revoked')""" },
        { "add_device_list_last_seen", "add_device_list_extension", "device_pairings_lastSeenAt_idx", InsertPairing },
        { "add_device_list_paired", "add_device_list_last_seen", "device_pairings_createdAt_idx", InsertPairing },
        { "add_device_list_ended", "add_device_list_paired", "device_pairings_ended_idx", InsertPairing },
        { "add_device_list_name", "add_device_list_ended", "device_pairings_name_idx", InsertPairing },
        { "add_device_list_search", "add_device_list_name", "device_pairings_search_idx", InsertPairing },
        { "add_user_list_person", "add_device_list_search", "users_person_idx", InsertUser },
        { "add_user_list_joined", "add_user_list_person", "users_createdAt_idx", InsertUser },
        { "add_user_list_synced", "add_user_list_joined", "users_synced_idx", InsertUser },
        { "add_user_list_search", "add_user_list_synced", "users_search_idx", InsertUser },
        { "add_sync_device_app_version", "add_user_list_search", "devices_appVersion_idx", InsertSyncDevice },
        { "add_sync_device_platform", "add_sync_device_app_version", "devices_platform_idx", InsertSyncDevice },
        { "add_activity_events_by_time", "add_expiring_grants_index", "device_events_at_id_idx", InsertEvent },
        { "add_activity_events_by_device", "add_activity_events_by_actor", "device_events_deviceId_at_id_idx", InsertEvent },
        { "add_device_list_type", "add_activity_events_by_device", "device_pairings_type_idx", InsertPairing },
        { "add_device_list_address", "add_device_list_type", "device_pairings_address_idx", InsertPairing },
        { "add_sync_device_version_order", "add_device_list_address", "devices_version_idx", InsertSyncDevice },
        { "add_sync_device_platform_order", "add_sync_device_version_order", "devices_platform_order_idx", InsertSyncDevice },
        { "add_device_list_words", "add_search_fold", "device_pairings_words_idx", InsertPairing },
        { "add_user_list_words", "remove_device_list_search", "users_words_idx", InsertUser },
        { "add_policy_acts_by_time", "add_policy_promises", "policy_warnings_acted_idx",
            $"""WITH p AS ({InsertPairing} RETURNING id) INSERT INTO portal.policy_warnings (policy, "pairingId", "actedAt") SELECT 'unseen', id, now() FROM p""" },
    };

    [Theory]
    [MemberData(nameof(Indexes))]
    public async Task UpAndDown_WhileAWriterIsInATransaction_KeepNoOtherWriterWaiting(string migration, string previous, string index, string write)
    {
        await using var database = await MigratedToAsync(previous);
        await AssertWritersGoOnAsync(database, migration, "CREATE %INDEX %", write);
        Assert.True(await IsValidAsync(database, index));

        await AssertWritersGoOnAsync(database, previous, "DROP INDEX %", write);
        Assert.Null(await IsValidAsync(database, index));
    }

    [Theory]
    [InlineData("add_mobile_sync_support_tasks_client_id", "add_mobile_sync_support", "tasks_clientId_key", "tasks")]
    [InlineData("add_mobile_sync_support_focus_sessions_client_id", "add_mobile_sync_support_tasks_client_id", "focus_sessions_clientId_key", "focus_sessions")]
    public async Task Up_AfterADuplicateFailedIt_DropsTheInvalidIndexAndBuildsItAnew(string migration, string previous, string index, string table)
    {
        await using var database = await MigratedToAsync(previous);
        foreach (var id in new[] { "'a'", "'b'" })
            await Sql.ExecuteAsync(database.OwnerConnectionString, table == "tasks" ? InsertTask(id) : InsertSession(id));
        await Sql.ExecuteAsync(database.OwnerConnectionString, $"""UPDATE public.{table} SET "clientId" = 'same'""");

        var failure = await Assert.ThrowsAsync<PostgresException>(() => MigrateAsync(database, migration));
        Assert.Equal(PostgresErrorCodes.UniqueViolation, failure.SqlState);
        Assert.False(await IsValidAsync(database, index));
        Assert.False(await IsAppliedAsync(database, migration));

        await Sql.ExecuteAsync(database.OwnerConnectionString, $"""UPDATE public.{table} SET "clientId" = NULL WHERE id = 'b'""");
        await MigrateAsync(database, migration);

        Assert.True(await IsValidAsync(database, index));
        Assert.True(await IsAppliedAsync(database, migration));
    }

    /// <summary>
    /// One writer stays in a transaction, so that the migration has to wait for it; a second one writes while it waits.
    /// A migration that asked for a lock on the table would queue before that second writer.
    /// </summary>
    private static async Task AssertWritersGoOnAsync(TestDatabase database, string migration, string statement, string write)
    {
        await using var first = await Sql.OpenAsync(database.OwnerConnectionString);
        await using var transaction = await first.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await first.ExecuteAsync(write);

        var migrating = MigrateAsync(database, migration);
        await WaitUntilItWaitsAsync(database, statement, migrating);
        await using (var second = await Sql.OpenAsync(database.OwnerConnectionString))
        {
            await second.ExecuteAsync("SET lock_timeout = '2s'");
            await second.ExecuteAsync(write);
        }

        Assert.False(migrating.IsCompleted);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await migrating;
    }

    private static async Task WaitUntilItWaitsAsync(TestDatabase database, string statement, Task migrating)
    {
        const string Waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1";
        await using var observer = await Sql.OpenAsync(database.OwnerConnectionString);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (await observer.ScalarAsync<long>(Waiting, statement) == 0)
        {
            if (migrating.IsCompleted)
            {
                await migrating;
                Assert.Fail($"The migration ended without waiting in {statement}.");
            }

            await Task.Delay(20, limit.Token);
        }
    }

    private async Task<TestDatabase> MigratedToAsync(string migration)
    {
        var database = await cluster.CreateEmptyDatabaseAsync(TestContext.Current.CancellationToken);
        await MigrateAsync(database, migration);
        await Sql.ExecuteAsync(database.OwnerConnectionString, Person);
        return database;
    }

    private static Task MigrateAsync(TestDatabase database, string migration) =>
        Contexts.MigrateAsync(Contexts.Device, database.OwnerConnectionString, migration);

    /// <summary>Null: there is no such index.</summary>
    private static Task<bool?> IsValidAsync(TestDatabase database, string index) => Sql.ScalarAsync<bool?>(
        database.OwnerConnectionString, "SELECT i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname = $1", index);

    private static Task<bool> IsAppliedAsync(TestDatabase database, string migration) => Sql.ScalarAsync<bool>(
        database.OwnerConnectionString, """SELECT EXISTS (SELECT FROM portal."__EFMigrationsHistory" WHERE substr("MigrationId", 16) = $1)""", migration);

    private static string InsertTask(string id) => $"""INSERT INTO public.tasks (id, "userId", title, "updatedAt") VALUES ({id}, 'u', 'a task', now())""";

    private static string InsertSession(string id) =>
        $"""INSERT INTO public.focus_sessions (id, "userId", "startedAt", "durationSeconds", "updatedAt") VALUES ({id}, 'u', now(), 60, now())""";
}
