using AdminPortal.Core.Hosts;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Tests.Migrations;
using AdminPortal.Core.Verification;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;
using Npgsql;
using TargetHistory = AdminPortal.Core.Migrations.TargetHistory;

namespace AdminPortal.Core.Tests.Hosts;

/// <summary>The portal takes over databases that it did not make, and leaves them as they were.</summary>
public sealed class TakeOverTests(PostgresCluster cluster)
{
    /// <summary>What a deployment adds to a host, and nothing else: <c>docs/hosts.md</c> lists it.</summary>
    internal static readonly string[] Added = ["TO portal_runtime", "public.device_pairings", "public.device_permissions", "public.devices", "PermissionScope", "DeviceType", "device_pairings_", "device_permissions_", "devices_", "portal_people_", "TRIGGER portal_"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("clinic", "SELECT id FROM public.users WHERE email = 'person7@clinic.example'", "First7 Last7", 400L)]
    [InlineData("crm", "SELECT id::text FROM public.\"User\" WHERE email = 'person7@crm.example'", "Émile7 O'Brien0", 502L)]
    [InlineData("focus", "SELECT id FROM public.users WHERE email = 'person7@focus.example'", "Person 7", 300L)]
    public async Task Journey_OfAHost_PairsItsPeopleAndLeavesItAsItWas(string host, string person, string name, long people)
    {
        await using var world = await ExampleHost.CreateAsync(cluster, host);
        var before = await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString);

        Assert.IsType<MappingOutcome.Recorded>(await RecordAsync(world, ExampleHost.Mapping(host)));
        before.AssertOnly(await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString));
        var deployed = await world.DeployAsync("staging");
        Assert.True(deployed.State == RunState.Done, $"{deployed.Error} {await FindingsAsync(world)}");
        before.AssertOnly(await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString), Added);
        Assert.False(await world.Get<HostMappings>().HasSyncAsync("staging", Token));
        Assert.Equal(false, await world.ScalarAsync("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'sync')"));

        var id = (string)(await world.ScalarAsync(person))!;
        Assert.Equal(people, await AsRuntimeAsync(world, "SELECT count(*) FROM portal.users"));
        Assert.Equal(name, await AsRuntimeAsync(world, $"SELECT name FROM portal.users WHERE id = '{id}'"));
        await AsRuntimeAsync(world, Pairing(id));
        Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, (await Assert.ThrowsAsync<PostgresException>(() => AsRuntimeAsync(world, Pairing("nobody")))).SqlState);
        var table = new PeopleSql(await PeopleAsync(world)).Table;
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => AsRuntimeAsync(world, $"SELECT * FROM {table}"))).SqlState);
        await world.ExecuteAsync($"DELETE FROM public.device_pairings WHERE id = 'of {id}'");

        var back = await world.EndOfAsync(await world.Migrations.RollBackAsync(OperationsWorld.Admin, "staging", "", withBackup: false, acceptsLosses: true, "why", Token));
        Assert.Equal((RunState.Done, null), (back.State, back.Error));
        before.AssertOnly(await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString), "TO portal_runtime", "rows of public.device_pairings"); // its tokens are hashed
        Assert.Equal(host == "clinic" ? 60L : null, host == "clinic" ? await world.ScalarAsync("SELECT count(*) FROM public.device_pairings WHERE \"sessionToken\" LIKE 'sha256:%'") : null);
    }

    /// <summary>The guides' own host, with one thing otherwise.</summary>
    [Theory]
    [InlineData("ALTER TABLE public.users RENAME CONSTRAINT users_pkey TO pk; ALTER INDEX public.users_email_key RENAME TO email_once; ALTER TABLE public.users ALTER email TYPE varchar(255), ALTER name SET NOT NULL, ALTER \"updatedAt\" SET DEFAULT now()")]
    [InlineData("ALTER TABLE public.tasks DROP CONSTRAINT \"tasks_userId_fkey\"; ALTER TABLE public.tasks ADD FOREIGN KEY (\"userId\") REFERENCES public.users (id) ON DELETE RESTRICT; CREATE TYPE public.state AS ENUM ('open', 'done'); ALTER TABLE public.tasks ALTER status DROP DEFAULT, ALTER status TYPE public.state USING status::public.state")]
    [InlineData("DROP TABLE public.focus_sessions; ALTER TABLE public.users ALTER \"createdAt\" TYPE timestamptz, ADD \"lastSyncedAt\" timestamp(3)")]
    [InlineData("CREATE TYPE public.\"DeviceType\" AS ENUM ('DESKTOP', 'MOBILE_IOS', 'MOBILE_ANDROID', 'TABLET'); CREATE TABLE public.visits (id integer PRIMARY KEY, kind public.\"DeviceType\")")]
    public async Task Journey_OfAHostWithADeviation_IsTakenOverAndLeftAsItWas(string deviation)
    {
        await using var world = await GuideHost.CreateAsync(cluster, deviation);
        var before = await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString);

        Assert.IsType<MappingOutcome.Recorded>(await RecordAsync(world, new("public", "users", "id", "email", ["name"], "createdAt")));
        var deployed = await world.DeployAsync("staging");
        Assert.True(deployed.State == RunState.Done, $"{deployed.Error} {await FindingsAsync(world)}");
        Assert.Equal(500L, await AsRuntimeAsync(world, "SELECT count(*) FROM portal.users WHERE email LIKE 'u%@example.org' AND name LIKE 'Person %' AND \"createdAt\" > now() - interval '1 day'"));
        await AsRuntimeAsync(world, Pairing("u7"));
        await world.ExecuteAsync("DELETE FROM public.device_pairings");

        var back = await world.EndOfAsync(await world.Migrations.RollBackAsync(OperationsWorld.Admin, "staging", "", withBackup: false, acceptsLosses: true, "why", Token));
        Assert.Equal((RunState.Done, null), (back.State, back.Error));
        before.AssertOnly(await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString), "TO portal_runtime");
    }

    /// <summary>In a schema and a case of its own, with something that has a name which the portal needs, and somebody at work on it.</summary>
    [Fact]
    public async Task Journey_OfAHostInAnotherSchema_TouchesNothingOfItsOwn()
    {
        await using var world = await GuideHost.CreateAsync(cluster, """
            CREATE SCHEMA app; ALTER TABLE public.users SET SCHEMA app; ALTER TABLE app.users RENAME TO "Member"; CREATE INDEX portal_people_words ON app."Member" (theme);
            """);
        var before = await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString);
        Assert.IsType<MappingOutcome.Recorded>(await RecordAsync(world, new("app", "Member", "id", "email", ["name"], "createdAt")));

        await using (var busy = await world.OpenAsync())
        {
            var gid = $"at work {world.Staging.Name}";
            await TargetHistory.ExecuteAsync(busy, $"BEGIN; UPDATE app.\"Member\" SET theme = theme; PREPARE TRANSACTION '{gid}'", Token);
            try
            {
                var obstacles = (await world.Previews.ReadAsync("staging", Token)).Preview!.Obstacles;
                Assert.Contains(obstacles, obstacle => obstacle.Contains("index app.portal_people_words", StringComparison.Ordinal));
                Assert.Contains(obstacles, obstacle => obstacle.Contains($"ROLLBACK PREPARED '{gid}'", StringComparison.Ordinal));
            }
            finally
            {
                await TargetHistory.ExecuteAsync(busy, $"ROLLBACK PREPARED '{gid}'", Token);
            }
        }

        before.AssertOnly(await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString));
        await world.ExecuteAsync("DROP INDEX app.portal_people_words");
        before = await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString);
        var deployed = await world.DeployAsync("staging");
        Assert.True(deployed.State == RunState.Done, $"{deployed.Error} {await FindingsAsync(world)}");
        before.AssertOnly(await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString), Added);
        await AsRuntimeAsync(world, Pairing("u7"));
        await world.ExecuteAsync("DELETE FROM public.device_pairings");

        var back = await world.EndOfAsync(await world.Migrations.RollBackAsync(OperationsWorld.Admin, "staging", "", withBackup: false, acceptsLosses: true, "why", Token));
        Assert.Equal((RunState.Done, null), (back.State, back.Error));
        before.AssertOnly(await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString), "TO portal_runtime");
    }

    /// <summary>What the foreign key does where ids are text, triggers do where they are not.</summary>
    [Theory]
    [InlineData("focus")]
    [InlineData("crm")]
    public async Task People_DeletedOrRenamedByTheHost_TakeTheirDevicesWithThem(string host)
    {
        await using var world = await ExampleHost.CreateAsync(cluster, host);
        await RecordAsync(world, ExampleHost.Mapping(host));
        Assert.Equal(RunState.Done, (await world.DeployAsync("staging")).State);
        var table = new PeopleSql(await PeopleAsync(world)).Table;
        var ids = (string[])(await world.ScalarAsync($"SELECT ARRAY(SELECT id::text FROM {table} ORDER BY id LIMIT 3)"))!;
        foreach (var id in ids)
            await AsRuntimeAsync(world, Pairing(id));
        var renamed = Guid.CreateVersion7().ToString();

        await world.ExecuteAsync($"""DELETE FROM {(host == "crm" ? "public.\"Session\"" : "public.focus_sessions")} WHERE "userId"::text = '{ids[1]}'; UPDATE {table} SET id = '{renamed}' WHERE id::text = '{ids[1]}'; DELETE FROM {table} WHERE id::text = '{ids[0]}'""");

        var left = (string[])(await world.ScalarAsync("""SELECT ARRAY(SELECT "userId" FROM public.device_pairings ORDER BY 1)"""))!;
        Assert.Equal(new[] { renamed, ids[2] }.Order(StringComparer.Ordinal), left.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"schema":"public","table":"Users","id":"id","email":"email"}""", "There is no table public.Users")]
    [InlineData("""{"schema":"public","table":"users","id":"id","email":"mail"}""", "has no column mail")]
    [InlineData("""{"schema":"public","table":"users","id":"email","email":"email","name":["mfaEnabled"]}""", "users.mfaEnabled is bool")]
    [InlineData("""{"schema":"public","table":"users","id":"firstName","email":"email"}""", "firstName may hold one value twice")]
    [InlineData("""{"schema":"public","table":"users","id":"permissions","email":"email"}""", "permissions is _text; this has to be text, varchar, uuid, integer or bigint")]
    public async Task Record_MappingThatDoesNotFit_IsRefusedWithTheReasonAndNothingIsRecorded(string json, string words)
    {
        await using var world = await ExampleHost.CreateAsync(cluster, "clinic");
        var (mapping, problem) = PeopleMapping.Parse(json);
        Assert.Null(problem);

        var refused = Assert.IsType<MappingOutcome.Refused>(await RecordAsync(world, mapping!));

        Assert.Contains(words, string.Join('\n', refused.Reasons), StringComparison.Ordinal);
        Assert.Null(await world.Get<HostMappings>().FindAsync("staging", Token));
    }

    [Theory]
    [InlineData("clinic", "person")]
    [InlineData("crm", "Person")]
    [InlineData("focus", "person")]
    public async Task Look_AtAHost_ProposesItsMappingAndWritesNothing(string host, string email)
    {
        await using var world = await ExampleHost.CreateAsync(cluster, host);
        var before = await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString);

        var look = await world.Get<HostLooks>().LookAsync(OperationsWorld.Admin, "staging", Token);

        Assert.Null(look.Obstacle);
        var best = look.Candidates[0];
        Assert.Empty(best.Problems);
        Assert.Equal(ExampleHost.Mapping(host).ToJson(), best.Mapping.ToJson());
        Assert.Equal(best.Mapping.ToJson(), PeopleMapping.Parse(best.Mapping.ToJson()).Mapping!.ToJson());
        Assert.Equal(10, best.People.Count);
        Assert.StartsWith(email, best.People[0].Email, StringComparison.Ordinal);
        Assert.Contains(best.Additions, addition => addition.StartsWith($"index {best.Mapping.Schema}.portal_people_words on ", StringComparison.Ordinal));
        Assert.Equal(host == "clinic", best.Additions.Any(addition => addition.Contains("raw session tokens", StringComparison.Ordinal)));
        Assert.Equal(host == "clinic", !best.Additions.Contains("table public.device_pairings"));
        before.AssertOnly(await HostSnapshot.TakeAsync(world.Staging.OwnerConnectionString));
    }

    /// <summary>Nothing of the guides' own tables is left in the SQL of a mapped host.</summary>
    [Theory]
    [InlineData("uuid")]
    [InlineData("text")]
    public void Migrations_OfAMappedHost_NameNoTableOfTheGuides(string idType)
    {
        var set = new MigrationScripts().For(new HostPeople(new PeopleMapping("app", "Member", "Id", "Mail", ["A", "B"]), idType, null, false, []));

        var sql = string.Join('\n', set.All.SelectMany(m => m.Up.Concat(m.Down)).Select(s => s.Sql));
        Assert.DoesNotContain("public.users", sql, StringComparison.Ordinal);
        Assert.DoesNotContain("public.tasks", sql, StringComparison.Ordinal);
        Assert.DoesNotContain("sync.", sql, StringComparison.Ordinal);
        Assert.Contains("add_device_pairing_models", set.All.Select(m => m.Name));
        Assert.Contains("add_mobile_sync_support", set.All.Select(m => m.Name));
        Assert.All(set.All, m => Assert.True(set.Effects.All.ContainsKey(m.Id)));
    }

    private static Task<MappingOutcome> RecordAsync(OperationsWorld world, PeopleMapping mapping) => world.Get<HostMappings>().RecordAsync(OperationsWorld.Admin, "staging", mapping, Token);

    private static async Task<HostPeople> PeopleAsync(OperationsWorld world) => (await world.Get<HostMappings>().FindAsync("staging", Token))!.People;

    private static string Pairing(string person) => $"""
        INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "sessionToken", "expiresAt", "updatedAt")
        VALUES ('of {person}', '{person}', 'device of {person}', 'TABLET', 'sha256:{new string('0', 64)[..^person.Length] + person}', now() + interval '1 day', now()) RETURNING 1
        """;

    private static async Task<object?> AsRuntimeAsync(OperationsWorld world, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(world.Staging.RuntimeConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Token);
    }

    private static async Task<string> FindingsAsync(OperationsWorld world) => string.Join('\n', (await world.Get<Verifications>().ResultsAsync("staging", 1, Token))
        .SelectMany(r => r.Checks).Where(c => !c.Passed).SelectMany(c => c.Findings).Where(f => f.Severity == CheckSeverity.Error).Select(f => f.ToString()));
}
