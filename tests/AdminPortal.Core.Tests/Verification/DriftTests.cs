using AdminPortal.Core.Verification;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Verification;

/// <summary>Each way in which a database can drift is found, by the check that is for it, and nothing else is.</summary>
public sealed class DriftTests(PostgresCluster cluster)
{
    private const string User = """INSERT INTO public.users (id, email, "updatedAt") VALUES ('u', 'una@example.org', now());""";
    private const string Hash = "'sha256:' || repeat('0', 64)";
    private const string Pairing = User + """INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "sessionToken", "expiresAt", "updatedAt") VALUES ('p', 'u', 'd', 'TABLET', """;

    [Theory]
    [InlineData("DROP TABLE public.devices", "Error tables: public.devices")]
    [InlineData("CREATE TABLE public.extra (id int PRIMARY KEY)", "Warning tables: public.extra")]
    [InlineData("""ALTER TABLE public.device_pairings DROP COLUMN "ipAddress" CASCADE""", "Error columns: public.device_pairings.ipAddress")]
    [InlineData("""ALTER TABLE public.tasks ALTER COLUMN "dueAt" TYPE timestamp(6)""", "Error columns: public.tasks.dueAt")]
    [InlineData("""ALTER TABLE public.device_pairings ALTER COLUMN "deviceName" SET NOT NULL""", "Error columns: public.device_pairings.deviceName")]
    [InlineData("""ALTER TABLE public.tasks ALTER COLUMN status DROP DEFAULT""", "Error columns: public.tasks.status")]
    [InlineData("""ALTER TABLE public.devices ADD COLUMN extra text""", "Warning columns: public.devices.extra")]
    [InlineData("""ALTER TABLE public.device_pairings ADD COLUMN userid text""", "Error case-twins: public.device_pairings.userId")]
    [InlineData("""ALTER TABLE public.tasks ADD COLUMN project text NOT NULL""", "Error host-columns: public.tasks.project")]
    [InlineData("""ALTER TYPE public."DeviceType" RENAME VALUE 'TABLET' TO 'SLATE'""", "Error enums: public.DeviceType")]
    [InlineData("""ALTER TYPE public."DeviceType" ADD VALUE 'WATCH'""", "Error enums: public.DeviceType")]
    [InlineData("""ALTER TABLE public.device_permissions DROP CONSTRAINT device_permissions_pkey""", "Error primary-keys: public.device_permissions")]
    [InlineData("""DROP INDEX public."device_pairings_deviceId_idx" """, "Error indexes: public.device_pairings.device_pairings_deviceId_idx")]
    [InlineData("""DROP INDEX public."tasks_clientId_key" """, "Error indexes: public.tasks.tasks_clientId_key")]
    [InlineData("""DROP INDEX public."tasks_clientId_key"; CREATE INDEX "tasks_clientId_key" ON public.tasks ("clientId")""", "Error indexes: public.tasks.tasks_clientId_key")]
    [InlineData("""DROP INDEX public."tasks_clientId_key"; CREATE UNIQUE INDEX "tasks_clientId_key" ON public.tasks ("clientId") WHERE "clientId" <> ''""", "Error indexes: public.tasks.tasks_clientId_key")]
    [InlineData("""CREATE INDEX again ON public.devices ("userId")""", "Warning duplicate-indexes: public.devices.again")]
    [InlineData("""ALTER TABLE public.device_permissions DROP CONSTRAINT "device_permissions_devicePairingId_fkey" """, "Error foreign-keys: public.device_permissions.device_permissions_devicePairingId_fkey")]
    [InlineData("""ALTER TABLE public.device_pairings DROP CONSTRAINT "device_pairings_userId_fkey"; ALTER TABLE public.device_pairings ADD CONSTRAINT "device_pairings_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON UPDATE CASCADE""", "Error foreign-keys: public.device_pairings.device_pairings_userId_fkey")]
    [InlineData("""ALTER TABLE public.devices DROP CONSTRAINT "devices_userId_fkey"; ALTER TABLE public.devices ADD CONSTRAINT "devices_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON UPDATE CASCADE ON DELETE CASCADE NOT VALID""", "Warning foreign-keys: public.devices.devices_userId_fkey")]
    [InlineData("""ALTER TABLE public.devices ADD COLUMN "taskId" text REFERENCES public.tasks (id); ALTER TABLE public.devices ALTER COLUMN "taskId" SET DEFAULT NULL""", "Warning columns: public.devices.taskId", "Warning foreign-key-indexes: public.devices.devices_taskId_fkey")]
    [InlineData("""CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER busy BEFORE INSERT ON public.device_pairings FOR EACH ROW EXECUTE FUNCTION public.nothing()""", "Warning triggers: public.device_pairings.busy")]
    [InlineData("""CREATE SEQUENCE public.numbers AS integer; SELECT setval('public.numbers', 2147000000)""", "Error sequences: public.numbers")]
    [InlineData("""REVOKE INSERT ON public.devices FROM portal_runtime""", "Error roles: public.devices")]
    [InlineData("""DELETE FROM portal."__EFMigrationsHistory" WHERE "MigrationId" LIKE '%_add_mobile_sync_support_tasks_client_id'""", "Error history: 20261122153431_add_mobile_sync_support_tasks_client_id")]
    [InlineData("""INSERT INTO portal."__EFMigrationsHistory" VALUES ('20990101000000_tomorrow', '11.0.0')""", "Error history: 20990101000000_tomorrow")]
    [InlineData("""CREATE TABLE public._prisma_migrations (id varchar(36) PRIMARY KEY, migration_name varchar(255), started_at timestamptz DEFAULT now(), finished_at timestamptz, rolled_back_at timestamptz); INSERT INTO public._prisma_migrations VALUES ('1', '20240101000000_half')""", "Error prisma: _prisma_migrations: 20240101000000_half")]
    [InlineData(User + """DROP INDEX public."tasks_clientId_key"; INSERT INTO public.tasks (id, "userId", title, "updatedAt", "clientId") SELECT n, 'u', 't', now(), 'c' FROM unnest(ARRAY['1', '2']) n""", "Error duplicate-client-ids: public.tasks.clientId", "Error indexes: public.tasks.tasks_clientId_key")]
    [InlineData("""ALTER TABLE public.device_permissions DROP CONSTRAINT "device_permissions_devicePairingId_fkey"; INSERT INTO public.device_permissions (id, "devicePairingId", permission, "updatedAt") VALUES ('g', 'gone', 'WRITE_NOTES', now())""", "Error foreign-keys: public.device_permissions.device_permissions_devicePairingId_fkey", "Error orphan-permissions: public.device_permissions.devicePairingId")]
    [InlineData("""ALTER TABLE public.tasks DROP CONSTRAINT "tasks_userId_fkey"; INSERT INTO public.tasks (id, "userId", title, "updatedAt") VALUES ('1', 'gone', 't', now())""", "Error foreign-keys: public.tasks.tasks_userId_fkey", "Error orphans: public.tasks.userId")]
    [InlineData(Pairing + Hash + ", now() - interval '1 hour', now())", "Warning expired-pairings: public.device_pairings")]
    [InlineData(Pairing + "'raw-token', now() + interval '1 day', now())", "Error tokens: public.device_pairings.sessionToken")]
    [InlineData(Pairing + Hash + """, now() + interval '1 day', now()); INSERT INTO public.device_permissions (id, "devicePairingId", permission, "updatedAt") VALUES ('1', 'p', 'FULL_ACCESS', now()), ('2', 'p', 'WRITE_NOTES', now())""", "Warning full-access: public.device_permissions")]
    public async Task RunAsync_Drifted_FindsExactlyThat(string drift, params string[] findings)
    {
        await using var world = await VerificationWorld.CreateAsync(cluster);
        await world.ExecuteAsync(drift);

        var result = await world.RunAsync();

        Assert.Equal(findings, VerificationWorld.Problems(result));
        Assert.Equal(!Array.Exists(findings, f => f.StartsWith("Error", StringComparison.Ordinal)), result.Passed);
        Assert.All(result.Checks.Where(c => !c.Passed), check => Assert.False(string.IsNullOrWhiteSpace(check.Remedy)));
    }

    [Theory]
    [InlineData("tasks_clientId_key", "Error invalid-indexes: public.tasks.tasks_clientId_key")]
    [InlineData("leftover", "Error indexes: public.tasks.tasks_clientId_key", "Error invalid-indexes: public.tasks.leftover")]
    public async Task RunAsync_IndexBuildFailed_FindsTheInvalidIndex(string name, params string[] findings)
    {
        await using var world = await VerificationWorld.CreateAsync(cluster);
        await InvalidIndex.LeaveAsync(world, name);

        Assert.Equal(findings, VerificationWorld.Problems(await world.RunAsync()));
    }

    [Fact]
    public async Task RunAsync_FreshlyMigrated_FindsNothing()
    {
        await using var world = await VerificationWorld.CreateAsync(cluster);

        var result = await world.RunAsync();

        Assert.Empty(VerificationWorld.Problems(result));
        Assert.True(result is { Passed: true, Errors: 0, Warnings: 0, Answered: true, Pending: [] });
        Assert.Equal(CatalogueManifest.Current.Migrations[^1], result.MigratedTo);
    }
}
