using AdminPortal.Core.Backups;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.Backups;

/// <summary>A restored database is the one that was backed up, but for what was revoked since.</summary>
public sealed class BackupRestoringTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restore_IntoANewDatabase_EqualsTheOriginalTableByTable()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await portal.FillAsync(2000);
        await PairAsync(portal, "one", "two");
        var original = await ChecksumsAsync(portal, null);
        var backup = await portal.TakenAsync();
        var name = $"copy_of_{portal.Target.Name}";

        var run = await portal.WorkAsync(await portal.Acts.RestoreAsync(BackupPortal.Admin, backup.Id, new RestoreOrder(name), null, null, Token));

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        var restored = await ChecksumsAsync(portal, name);
        Assert.Contains(original, table => table.Key == "public.device_pairings" && table.Value != "0 ");
        Assert.Equal(original, restored);
        Assert.True(await portal.ScalarAsync<bool>("SELECT has_table_privilege('portal_runtime', 'public.device_pairings', 'UPDATE')", name));
        Assert.False(await portal.ScalarAsync<bool>("SELECT has_table_privilege('portal_runtime', 'portal.device_events', 'UPDATE')", name));
        Assert.False(await portal.ScalarAsync<bool>($"SELECT datacl::text LIKE '%=Tc/%' OR datacl::text LIKE '{{=%' FROM pg_database WHERE datname = '{name}'", name));
        await portal.ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)", "postgres");
    }

    [Fact]
    public async Task Restore_IntoANameThatIsTaken_FailsAndTouchesNothing()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await using var other = await cluster.CreateEmptyDatabaseAsync(Token);
        await portal.ExecuteAsync("CREATE TABLE public.mine ()", other.Name);
        var backup = await portal.TakenAsync();

        var run = await portal.WorkAsync(await portal.Acts.RestoreAsync(BackupPortal.Admin, backup.Id, new RestoreOrder(other.Name), null, null, Token));

        Assert.Contains("has a database", run.Error, StringComparison.Ordinal);
        Assert.True(await portal.ScalarAsync<bool>("SELECT to_regclass('public.mine') IS NOT NULL", other.Name));
    }

    [Theory]
    [InlineData("Drop table")]
    [InlineData("pg_mine")]
    [InlineData("adminportal_scratch_x")]
    [InlineData("")]
    public async Task Restore_IntoANameThatIsNone_IsRefused(string name)
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        var backup = await portal.TakenAsync();

        Assert.IsType<BackupOutcome.Refused>(await portal.Acts.RestoreAsync(BackupPortal.Admin, backup.Id, new RestoreOrder(name), null, null, Token));
    }

    [Fact]
    public async Task Restore_OverTheTarget_PutsItInPlaceAndKeepsTheOldOne()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await portal.FillAsync(100);
        var backup = await portal.TakenAsync();
        var before = await ChecksumsAsync(portal, null);
        var epoch = await portal.ScalarAsync<string>("SELECT epoch FROM sync.meta");
        await portal.FillAsync(23);
        await using var inUse = await portal.Get<DeviceDatabases>().DataSource("main").OpenConnectionAsync(Token);

        Assert.IsType<BackupOutcome.Refused>(await portal.Acts.RestoreAsync(BackupPortal.Admin, backup.Id, new RestoreOrder(null), "Main", null, Token));
        var run = await portal.WorkAsync(await portal.Acts.RestoreAsync(BackupPortal.Admin, backup.Id, new RestoreOrder(null), "main", null, Token));

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        var after = await ChecksumsAsync(portal, null);
        Assert.True(before.Remove("sync.meta") && after.Remove("sync.meta"));
        Assert.Equal(before, after);
        Assert.NotEqual(epoch, await portal.ScalarAsync<string>("SELECT epoch FROM sync.meta")); // every device reads everything again
        var old = await portal.ScalarAsync<string>($"SELECT datname::text FROM pg_database WHERE datname LIKE '{portal.Target.Name}\\_before\\_%'", "postgres");
        Assert.Equal(123, await portal.ScalarAsync<long>("SELECT count(*) FROM public.bulk", old));
        await using (var again = portal.Get<DeviceDatabases>().CreateDbContext("main"))
        {
            again.DevicePairings.Add(NewPairing("after")); // the enum's type has another number in the restored database
            again.Users.Add(new Data.Users.AppUser { Id = "after", Email = "after@example.org", Name = "After" });
            await again.SaveChangesAsync(Token);
        }

        await using var owner = new NpgsqlConnection(portal.Target.OwnerConnectionString);
        await owner.OpenAsync(Token);
        Assert.True(await portal.Get<KnownTargets>().IsKnownAsync("main", await TargetIdentity.ReadAsync(owner, Token), Token));
        Assert.Equal(-1, await portal.ScalarAsync<int>($"SELECT datconnlimit FROM pg_database WHERE datname = '{portal.Target.Name}'", "postgres"));
        await portal.ExecuteAsync($"DROP DATABASE {old} WITH (FORCE)", "postgres");
    }

    [Fact]
    public async Task Restore_OverTheTarget_EndsAgainWhatWasRevokedSince()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await PairAsync(portal, "stays", "revoked", "quarantined", "paired-again", "scopeless");
        await portal.ExecuteAsync("""
            INSERT INTO portal.service_keys (id, name, "keyHash", ending, "createdBy") VALUES ('key', 'Service', 'sha256:k', 'abcd', 'admin');
            INSERT INTO public.device_permissions (id, "devicePairingId", permission, "grantedAt", "createdAt", "updatedAt")
            SELECT p.id || s, p.id, s::public."PermissionScope", now(), now(), now() FROM public.device_pairings p CROSS JOIN unnest(ARRAY['WRITE_NOTES']) s
            """);
        var backup = await portal.TakenAsync();
        await portal.ExecuteAsync("""
            UPDATE public.device_pairings SET "isActive" = false WHERE id IN ('revoked', 'quarantined');
            INSERT INTO portal.token_history (hash, "pairingId", "userId", reason) VALUES
                ('sha256:revoked', 'revoked', 'u', 'revoked'), ('sha256:quarantined', 'quarantined', 'u', 'quarantined'), ('sha256:paired-again', 'paired-again', 'u', 'replaced');
            INSERT INTO portal.device_state ("pairingId", reason) VALUES ('quarantined', 'stolen');
            UPDATE public.device_pairings SET "sessionToken" = 'sha256:newer' WHERE id = 'paired-again';
            DELETE FROM public.device_permissions WHERE "devicePairingId" = 'scopeless';
            INSERT INTO portal.device_events (kind, "userId", "pairingId", "actorId", detail) VALUES ('permission-removed', 'u', 'scopeless', 'admin', 'WRITE_NOTES');
            UPDATE portal.service_keys SET "revokedAt" = now(), "revokedBy" = 'admin'
            """);

        var run = await portal.WorkAsync(await portal.Acts.RestoreAsync(BackupPortal.Admin, backup.Id, new RestoreOrder(null, DropsOld: true), "main", null, Token));

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        Assert.Equal("scopeless, stays", await portal.ScalarAsync<string>("""SELECT string_agg(id, ', ' ORDER BY id) FROM public.device_pairings WHERE "isActive" """));
        Assert.Equal("paired-again, quarantined, revoked", await portal.ScalarAsync<string>("""SELECT string_agg("pairingId", ', ' ORDER BY "pairingId") FROM portal.token_history"""));
        Assert.Equal("stolen", await portal.ScalarAsync<string>("""SELECT reason FROM portal.device_state WHERE "pairingId" = 'quarantined'"""));
        Assert.Equal(0, await portal.ScalarAsync<long>("""SELECT count(*) FROM public.device_permissions WHERE "devicePairingId" = 'scopeless'"""));
        Assert.Equal(1, await portal.ScalarAsync<long>("""SELECT count(*) FROM portal.service_keys WHERE "revokedAt" IS NOT NULL"""));
        Assert.Equal(3, await portal.ScalarAsync<long>("SELECT count(*) FROM portal.device_events WHERE kind = 'revoked'"));
        var replay = (await portal.Get<RunJournals>().ReadAsync(BackupPortal.Admin, run.Id, Token)).Steps.Single(step => step.Title.StartsWith("End again", StringComparison.Ordinal));
        Assert.Equal("3 devices ended again, 1 permissions taken again, 0 ends brought forward again, 1 services' keys revoked again", replay.Detail);
        Assert.Equal(0, await portal.ScalarAsync<long>($"SELECT count(*) FROM pg_database WHERE datname LIKE '{portal.Target.Name}\\_before\\_%'", "postgres"));
    }

    [Fact]
    public async Task Restore_OverTheTarget_ShortensAgainWhatWasShortenedSince()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await PairAsync(portal, "open", "longer", "phone");
        await portal.ExecuteAsync("""
            INSERT INTO public.device_permissions (id, "devicePairingId", permission, "grantedAt", "createdAt", "updatedAt", "expiresAt")
            SELECT p.id, p.id, 'WRITE_NOTES', now(), now(), now(), CASE p.id WHEN 'open' THEN NULL ELSE timestamp '2090-01-01' END FROM public.device_pairings p;
            UPDATE public.device_pairings SET "expiresAt" = timestamp '2095-01-01'
            """);
        var backup = await portal.TakenAsync();
        await portal.ExecuteAsync("""
            UPDATE public.device_permissions SET "expiresAt" = timestamp '2020-01-01' WHERE id = 'open';
            UPDATE public.device_permissions SET "expiresAt" = timestamp '2099-01-01' WHERE id = 'longer';
            UPDATE public.device_pairings SET "expiresAt" = timestamp '2080-01-01' WHERE id = 'phone'
            """);

        var run = await portal.WorkAsync(await portal.Acts.RestoreAsync(BackupPortal.Admin, backup.Id, new RestoreOrder(null, DropsOld: true), "main", null, Token));

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        Assert.Equal("longer 2090, open 2020, phone 2090", await portal.ScalarAsync<string>(
            """SELECT string_agg(id || ' ' || extract(year FROM "expiresAt"), ', ' ORDER BY id) FROM public.device_permissions"""));
        Assert.Equal("longer 2095, open 2095, phone 2080", await portal.ScalarAsync<string>(
            """SELECT string_agg(id || ' ' || extract(year FROM "expiresAt"), ', ' ORDER BY id) FROM public.device_pairings"""));
    }

    [Fact]
    public async Task Restore_TargetThatWasDropped_BringsItBack()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await portal.FillAsync(7);
        var backup = await portal.TakenAsync();
        await portal.ExecuteAsync($"DROP DATABASE {portal.Target.Name} WITH (FORCE)", "postgres");

        var run = await portal.WorkAsync(await portal.Acts.RestoreAsync(BackupPortal.Admin, backup.Id, new RestoreOrder(null), "main", null, Token));

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        Assert.Equal(7, await portal.ScalarAsync<long>("SELECT count(*) FROM public.bulk"));
    }

    [Fact]
    public async Task Restore_KilledAfterTheChangeOfNames_OnlyFinishes()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        var backup = await portal.TakenAsync();
        var outcome = Assert.IsType<BackupOutcome.Started>(await portal.Acts.RestoreAsync(BackupPortal.Admin, backup.Id, new RestoreOrder(null), "main", null, Token));
        await portal.ExecuteAsync($"COMMENT ON DATABASE {portal.Target.Name} IS 'Restored by AdminPortal, run {outcome.RunId}'", "postgres");

        var run = await portal.WorkAsync(outcome);

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        var step = Assert.Single((await portal.Get<RunJournals>().ReadAsync(BackupPortal.Admin, run.Id, Token)).Steps);
        Assert.StartsWith("Open main", step.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_AnotherDatabaseUnderTheTargetsName_IsRefused()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        var backup = await portal.TakenAsync();
        Assert.True(await portal.Get<KnownTargets>().IsKnownAsync("main", new TargetIdentity("1", "another", "15", 150000, 0), Token));

        var run = await portal.WorkAsync(await portal.Acts.RestoreAsync(BackupPortal.Admin, backup.Id, new RestoreOrder(null), "main", null, Token));

        Assert.Contains("is not the one that the portal knows", run.Error, StringComparison.Ordinal);
        Assert.Equal(-1, await portal.ScalarAsync<int>($"SELECT datconnlimit FROM pg_database WHERE datname = '{portal.Target.Name}'", "postgres"));
    }

    [Fact]
    public async Task Impact_RowsMadeSince_AreCountedPerTable()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await PairAsync(portal, "old", "gone");
        await portal.FillAsync(10);
        var backup = await portal.TakenAsync();
        await portal.FillAsync(4);
        await portal.ExecuteAsync("DELETE FROM public.device_pairings WHERE id = 'gone'");
        await PairAsync(portal, "new");

        var impact = await portal.Get<RestoreImpacts>().AskAsync(BackupPortal.Admin, backup.Id, Token);

        Assert.False(impact!.OtherDatabase);
        Assert.Equal(new TableImpact("public.bulk", 10, 14, null), impact.Tables.Single(table => table.Table == "public.bulk"));
        var pairings = impact.Tables.Single(table => table.Table == "public.device_pairings");
        Assert.Equal((2, 2, 1, 1), (pairings.InBackup, pairings.Now, pairings.Newer, pairings.Lost));
    }

    /// <summary>The rows and the checksum of every table, in an order of their own.</summary>
    private static async Task<SortedDictionary<string, string>> ChecksumsAsync(BackupPortal portal, string? database)
    {
        var tables = await portal.ScalarAsync<string[]>("""
            SELECT array_agg(format('%I.%I', schemaname, tablename) ORDER BY 1) FROM pg_tables WHERE schemaname IN ('public', 'portal', 'sync')
            """, database);
        var sums = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in tables!)
        {
            sums[table] = (await portal.ScalarAsync<string>(
                $"SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t", database))!;
        }

        return sums;
    }

    private static async Task PairAsync(BackupPortal portal, params string[] ids)
    {
        await portal.ExecuteAsync("""INSERT INTO public.users (id, email, name, "updatedAt") VALUES ('u', 'u@example.org', 'U', now()) ON CONFLICT DO NOTHING""");
        foreach (var id in ids)
        {
            await portal.ExecuteAsync($"""
                INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "sessionToken", "expiresAt", "isActive", "lastSeenAt", "createdAt", "updatedAt")
                VALUES ('{id}', 'u', 'device-{id}', (enum_range(NULL::public."DeviceType"))[1], 'sha256:{id}', now() AT TIME ZONE 'utc' + interval '1 day', true,
                    now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc')
                """);
        }
    }

    private static Data.Devices.DevicePairing NewPairing(string id) => new()
    {
        Id = id,
        UserId = id,
        DeviceId = $"device-{id}",
        DeviceType = Data.Devices.DeviceType.MobileIos,
        SessionToken = $"sha256:{id}",
        ExpiresAt = TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(1),
    };
}
