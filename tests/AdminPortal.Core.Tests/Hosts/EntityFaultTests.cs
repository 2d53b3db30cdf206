using System.Security.Cryptography;
using System.Text.Json;
using AdminPortal.Core.Hosts;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Core.Tests.Migrations;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Hosts;

/// <summary>Types, rules and values of hosts that are seldom and legal, and what hostile devices send: one operation is refused at most.</summary>
public sealed class EntityFaultTests(PostgresCluster cluster)
{
    private const string Boxes = """
        CREATE TABLE people (id integer PRIMARY KEY, email text);
        CREATE TABLE boxes (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner integer NOT NULL REFERENCES people (id) ON DELETE CASCADE, label text NOT NULL, weight real, extra json, deep jsonb);
        CREATE TABLE tasks (id varchar(36) PRIMARY KEY, "userId" integer NOT NULL REFERENCES people (id) ON DELETE CASCADE, box integer REFERENCES boxes (id) ON DELETE SET NULL, title text NOT NULL UNIQUE, n integer, guarded text);
        CREATE UNIQUE INDEX ON boxes (id) INCLUDE (label);
        CREATE TABLE secrets (id integer);
        CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.guarded IS NOT NULL THEN PERFORM FROM public.secrets; END IF; RETURN NEW; END $$;
        CREATE TRIGGER look BEFORE INSERT ON tasks FOR EACH ROW EXECUTE FUNCTION look();
        INSERT INTO people VALUES (1, 'one@example.org'), (2, 'two@example.org');
        """;

    private static readonly PeopleMapping Mapping = new("public", "people", "id", "email")
    {
        Sync =
        [
            new("box", "public", "boxes", "owner", [new("label"), new("weight"), new("extra"), new("deep")]),
            new("task", "public", "tasks", "userId", [new("boxId", "box", Parent: "box"), new("title"), new("n"), new("guarded")]),
        ],
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Push_OfWhatIsSeldomAndLegal_RefusesOneOperationAtMost()
    {
        await using var world = await DeployedAsync();
        await using var phone = await EntityPhone.RegisterAsync(world, "1");

        var made = await phone.PushAsync(
            new { opId = "o1", entity = "task", op = "create", clientId = "t1", boxClientId = "b1", fields = new { title = "In a box", n = 7 } },
            new { opId = "o2", entity = "box", op = "create", clientId = "b1", fields = new { label = "Box", weight = 1.5, extra = Json("""{"a":1,"a":2}""") } },
            new { opId = "o3", entity = "task", op = "create", clientId = "t2", id = new string('x', 37), fields = new { title = "Too long an id" } },
            new { opId = "o4", entity = "box", op = "create", clientId = "b2", fields = new { label = "Deep", deep = Json(new string('[', 45) + new string(']', 45)) } },
            new { opId = "o5", entity = "task", op = "create", clientId = "t3", fields = new { title = Convert.ToHexString(RandomNumberGenerator.GetBytes(20_000)) } },
            new { opId = "o6", entity = "task", op = "create", clientId = "t4", fields = new { title = "Guarded by the host", guarded = "x" } },
            new { opId = "o7", entity = "task", op = "create", clientId = "t5", fields = new { title = "In a box" } },
            new { opId = "o8", entity = "task", op = "create", clientId = "t6", fields = new { title = "Last" } });

        Assert.Equal("applied applied rejected rejected rejected rejected rejected applied", string.Join(' ', made.Select(m => m.Status)));
        Assert.Equal("1", made[1].Id);
        Assert.Contains("nested at most", made[3].Problem!.Detail, StringComparison.Ordinal);
        Assert.Contains("54000", made[4].Problem!.Detail, StringComparison.Ordinal);
        Assert.Contains("42501", made[5].Problem!.Detail, StringComparison.Ordinal);
        Assert.Contains("the value of title", made[6].Problem!.Detail, StringComparison.Ordinal);
        Assert.Equal("1 7", await world.ScalarAsync("SELECT concat_ws(' ', box, n) FROM public.tasks WHERE title = 'In a box'"));

        // What a host keeps that no device could read is null to it, and nobody else's pull is the poorer.
        await world.ExecuteAsync($$"""UPDATE public.boxes SET extra = '{"x": "\u0000", "x": 2}', deep = '{{new string('[', 200) + new string(']', 200)}}', weight = 'NaN'""");
        await phone.PullAsync();
        Assert.Equal("""{"label":"Box","weight":null,"extra":{"x":2},"deep":null}""", phone.Rows[("box", "1")].Fields!.ToJsonString());
        Assert.Equal("1", (string?)phone.Rows[("task", made[0].Id!)].Fields!["boxId"]);
    }

    [Fact]
    public async Task RuntimeRole_OfAHostThatSyncs_HasNoRightOnItsTables()
    {
        await using var world = await DeployedAsync();

        Assert.Equal(false, await world.ScalarAsync("""
            SELECT bool_or(has_table_privilege('portal_runtime', c.oid, p) OR (p <> 'DELETE' AND has_any_column_privilege('portal_runtime', c.oid, p)))
            FROM pg_class c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p WHERE c.relname IN ('tasks', 'boxes', 'people') AND c.relnamespace = 'public'::regnamespace
            """));
    }

    [Fact]
    public async Task Purge_AfterATableWasEmptied_ForgetsItsRowsAndNoOthers()
    {
        await using var world = await DeployedAsync();
        await world.ExecuteAsync("INSERT INTO public.boxes (owner, label) VALUES (1, 'Stays'); INSERT INTO public.tasks (id, \"userId\", title) VALUES ('t', 1, 'Goes')");
        await using var phone = await EntityPhone.RegisterAsync(world, "1");
        await phone.PullAsync();
        Assert.Equal(2, phone.Rows.Count);

        await world.ExecuteAsync("TRUNCATE public.tasks");
        await phone.PurgeAsync();

        Assert.Equal("box", await world.ScalarAsync("SELECT string_agg(entity, ' ') FROM sync.changes"));
        await using var fresh = await EntityPhone.RegisterAsync(world, "1");
        await fresh.PullAsync();
        Assert.Equal([("box", "1")], fresh.Rows.Keys);
    }

    [Theory]
    [InlineData("""{"name":"userId"},{"name":"title"}""", "userId is written by the portal: task.userId must be readOnly.")]
    [InlineData("""{"name":"title"},{"name":"words","column":"title"}""", "title is the column of two fields of task")]
    public void Mapping_ThatWouldLetDevicesWriteWhatIsThePortals_IsRefused(string fields, string words)
    {
        var (_, problem) = PeopleMapping.Parse($$"""{"schema":"public","table":"people","id":"id","email":"email","sync":[{"name":"task","schema":"public","table":"tasks","owner":"userId","fields":[{{fields}}]}]}""");

        Assert.Contains(words, problem, StringComparison.Ordinal);
    }

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private async Task<OperationsWorld> DeployedAsync()
    {
        var world = await OperationsWorld.CreateAsync(cluster);
        await world.ExecuteAsync(Boxes);
        var recorded = await world.Get<HostMappings>().RecordAsync(OperationsWorld.Admin, "staging", Mapping, Token);
        Assert.True(recorded is MappingOutcome.Recorded, (recorded as MappingOutcome.Refused)?.Reasons[0]);
        var deployed = await world.DeployAsync("staging");
        Assert.True(deployed.State == RunState.Done, deployed.Error);
        return world;
    }
}
