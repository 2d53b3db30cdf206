using System.Net;
using AdminPortal.Testing;
using AdminPortal.Web.Tests.Hosting;
using static AdminPortal.Web.Tests.Pairing.PairingCalls;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>A database that others change beneath the running portal: it says what is wrong, and goes on by itself.</summary>
public sealed class AlteredDatabaseTests(PostgresCluster cluster) : IAsyncLifetime
{
    private readonly ApiPortal portal = new(cluster);

    public ValueTask InitializeAsync() => portal.InitializeAsync();

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Theory]
    [InlineData("ALTER TABLE public.tasks RENAME COLUMN notes TO remarks", "ALTER TABLE public.tasks RENAME COLUMN remarks TO notes", "public.tasks.notes")]
    [InlineData("ALTER TABLE public.focus_sessions RENAME TO sessions", "ALTER TABLE public.sessions RENAME TO focus_sessions", "public.focus_sessions")]
    public async Task Pull_AfterTheHostRenamedSomething_NamesIt(string rename, string back, string name)
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
        await phone.NewTaskAsync();
        await phone.PushedAsync(new { opId = "s", entity = "focusSession", op = "create", clientId = SyncPhone.NewId("s"), fields = new { startedAt = "2030-01-01T08:00:00Z" } });
        (await phone.PullAsync()).Data();
        await OwnerAsync(rename);

        var problem = (await phone.PullAsync()).IsProblem(HttpStatusCode.ServiceUnavailable, "sync-unavailable");
        await OwnerAsync(back);

        Assert.Contains(name, Text(problem, "detail"), StringComparison.Ordinal);
        Assert.DoesNotContain("migrations", Text(problem, "detail"), StringComparison.Ordinal);
        (await phone.PullAsync()).Data();
    }

    [Fact]
    public async Task Api_AfterTheHostRenamedAColumnOfPairings_NamesIt()
    {
        var person = await portal.NewPersonAsync();
        await OwnerAsync("""ALTER TABLE public.device_pairings RENAME COLUMN "deviceName" TO label""");

        var problem = (await person.Api.GetAsync("/api/qr/pair")).IsProblem(HttpStatusCode.ServiceUnavailable, "database-unavailable");

        Assert.Contains("public.device_pairings.deviceName", Text(problem, "detail"), StringComparison.Ordinal);
    }

    /// <summary>As after DROP DATABASE and a restore: every type has another id.</summary>
    [Fact]
    public async Task Types_ThatWereMadeAnew_AreReadAgainWithoutARestart()
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
        await OwnerAsync("""
            ALTER TYPE public."DeviceType" RENAME TO "Old";
            DO $$ BEGIN EXECUTE (SELECT format('CREATE TYPE public."DeviceType" AS ENUM (%s)', string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder)) FROM pg_enum WHERE enumtypid = 'public."Old"'::regtype); END $$;
            DO $$ DECLARE c record; BEGIN
                FOR c IN SELECT attrelid::regclass AS t, attname AS n FROM pg_attribute JOIN pg_class r ON r.oid = attrelid WHERE atttypid = 'public."Old"'::regtype AND relkind = 'r' LOOP
                    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE public."DeviceType" USING %2$I::text::public."DeviceType"', c.t, c.n);
                END LOOP;
            END $$;
            DROP TYPE public."Old";
            """);

        var started = TimeProvider.System.GetTimestamp();
        ApiAnswer answer;
        do
        {
            await Task.Delay(200, TestContext.Current.CancellationToken);
            answer = await phone.Person.Api.GetAsync("/api/qr/pair");
        }
        while (answer.Status != HttpStatusCode.OK && TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20));

        Assert.Equal(phone.DeviceId, Text(answer.Data()[0], "deviceId"));
        (await portal.PairAsync(await portal.NewPersonAsync())).GetProperty("sessionToken");
    }

    private async Task OwnerAsync(string sql)
    {
        await using var owner = await portal.OpenOwnerAsync();
        await owner.ExecuteAsync(sql);
    }
}
