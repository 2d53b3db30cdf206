using AdminPortal.Core.Backups;
using AdminPortal.Core.Runs;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.Backups;

/// <summary>A restore in a target's place leaves what belongs to the host as it was, or is refused before anything changes.</summary>
public sealed class HostRestoringTests(PostgresCluster cluster)
{
    /// <summary>A host whose tables belong to a role of its own, of which the portal's owner is a member.</summary>
    private const string Host =
        """
        CREATE SCHEMA "App data" AUTHORIZATION app;
        ALTER DATABASE {db} OWNER TO app;
        COMMENT ON DATABASE {db} IS 'The clinic''s own words';
        ALTER DATABASE {db} SET work_mem = '5MB';
        ALTER TABLE public.users OWNER TO app;
        ALTER TABLE public.tasks OWNER TO app;
        ALTER TABLE public.focus_sessions OWNER TO app;
        SET ROLE app;
        CREATE TYPE "App data"."Mood" AS ENUM ('good', 'bad');
        CREATE TABLE "App data"."Tokens" (id serial PRIMARY KEY, owner text NOT NULL, secret text, n bigint GENERATED ALWAYS AS IDENTITY, mood "App data"."Mood");
        COMMENT ON TABLE "App data"."Tokens" IS 'never shown';
        COMMENT ON COLUMN public.users.email IS 'as typed';
        GRANT USAGE ON SCHEMA "App data" TO reader WITH GRANT OPTION;
        GRANT SELECT (id, email), UPDATE (name) ON public.users TO reader;
        GRANT SELECT ON public.tasks TO reader, PUBLIC;
        REVOKE TRUNCATE ON public.tasks FROM app;
        ALTER TABLE "App data"."Tokens" ENABLE ROW LEVEL SECURITY;
        CREATE POLICY mine ON "App data"."Tokens" FOR SELECT TO reader USING (owner = current_user);
        CREATE VIEW "App data".people AS SELECT id, email FROM public.users;
        CREATE FUNCTION "App data".touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
        CREATE TRIGGER touch BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION "App data".touch();
        ALTER DEFAULT PRIVILEGES IN SCHEMA "App data" GRANT SELECT ON TABLES TO reader;
        RESET ROLE;
        GRANT app TO portal_owner
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restore_OverAHostOfAnotherOwner_KeepsOwnersGrantsCommentsAndRules()
    {
        await using var portal = await HostAsync(Host);
        var before = await StateAsync(portal);
        var backup = await portal.TakenAsync();

        var run = await OverAsync(portal, backup, new RestoreOrder(null, DropsOld: true));

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        Assert.Equal(before, await StateAsync(portal));
    }

    [Fact]
    public async Task Restore_OwnerThatThePortalCannotAct_IsRefusedBeforeTheFirstChangeAndNamesTheRole()
    {
        await using var portal = await HostAsync("""
            CREATE TABLE public.theirs (id int PRIMARY KEY);
            ALTER TABLE public.theirs OWNER TO stranger;
            GRANT SELECT ON public.theirs TO portal_owner
            """);
        var backup = await portal.TakenAsync();
        Assert.Contains("what stranger_", (await StepsAsync(portal, backup.RunId)).Single(step => step.Title.StartsWith("Take", StringComparison.Ordinal)).Detail, StringComparison.Ordinal);
        var before = await StateAsync(portal);

        var run = await OverAsync(portal, backup, new RestoreOrder(null));

        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("would lose what stranger_", run.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, await StateAsync(portal));
        Assert.Equal(RunState.Done, (await OverAsync(portal, backup, new RestoreOrder(null, DropsOld: true, AcceptsLosses: true))).State);
    }

    [Fact]
    public async Task Backup_OfWhatOnlyASuperuserMakes_SaysSoProvesAroundItAndRefusesToReplace()
    {
        await using var portal = await HostAsync("""
            CREATE EXTENSION pageinspect;
            CREATE FUNCTION public.guard() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
            CREATE EVENT TRIGGER guard ON ddl_command_end EXECUTE FUNCTION public.guard();
            COMMENT ON EVENT TRIGGER guard IS 'the host''s';
            ALTER FUNCTION public.guard() OWNER TO portal_owner;
            CREATE PUBLICATION everything FOR ALL TABLES
            """);
        var backup = await portal.TakenAsync();
        var taken = (await StepsAsync(portal, backup.RunId)).Single(step => step.Title.StartsWith("Take", StringComparison.Ordinal)).Detail!;
        Assert.All(["extension pageinspect", "event trigger guard", "publication everything"], name => Assert.Contains(name, taken, StringComparison.Ordinal));

        var proven = await portal.WorkAsync(await portal.Acts.ProveAsync(BackupPortal.Admin, backup.Id, null, Token));
        Assert.Equal((RunState.Done, null), (proven.State, proven.Error));
        Assert.Contains((await StepsAsync(portal, proven.Id)).Select(step => step.Detail), detail => detail?.Contains("without extension pageinspect", StringComparison.Ordinal) == true);

        var before = await StateAsync(portal);
        var refused = await OverAsync(portal, backup, new RestoreOrder(null));
        Assert.Contains("event trigger guard", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, await StateAsync(portal));

        var accepted = await OverAsync(portal, backup, new RestoreOrder(null, DropsOld: true, AcceptsLosses: true));
        Assert.Equal((RunState.Done, null), (accepted.State, accepted.Error));
    }

    [Fact]
    public async Task Restore_OverAHostWithASubscription_IsRefusedAndNamesIt()
    {
        await using var portal = await HostAsync("CREATE SUBSCRIPTION from_elsewhere CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE)");
        try
        {
            var backup = await portal.TakenAsync();

            var run = await OverAsync(portal, backup, new RestoreOrder(null, AcceptsLosses: true));

            Assert.Contains("has subscriptions: from_elsewhere", run.Error, StringComparison.Ordinal);
        }
        finally
        {
            await SuperuserAsync(portal, "DROP SUBSCRIPTION from_elsewhere");
        }
    }

    [Fact]
    public async Task Restore_OverAHostWithAReplicationSlot_SaysBeforeAndAfterThatItStaysBehind()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        var slot = $"changes_of_{portal.Target.Name}";
        await SuperuserAsync(portal, $"SELECT pg_create_logical_replication_slot('{slot}', 'pgoutput')");
        var backup = await portal.TakenAsync();

        var impact = await portal.Get<RestoreImpacts>().AskAsync(BackupPortal.Admin, backup.Id, Token);
        var run = await OverAsync(portal, backup, new RestoreOrder(null));

        Assert.Contains($"The replication slot {slot} stays with the database that is set aside", Assert.Single(impact!.Notes), StringComparison.Ordinal);
        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        var steps = await StepsAsync(portal, run.Id);
        Assert.All([steps.Single(step => step.Title.StartsWith("Look at", StringComparison.Ordinal)), steps[^1]], step => Assert.Contains(slot, step.Detail, StringComparison.Ordinal));
        var old = await portal.ScalarAsync<string>($"SELECT database::text FROM pg_replication_slots WHERE slot_name = '{slot}'");
        await portal.ExecuteAsync($"DROP DATABASE {old} WITH (FORCE)", "postgres");
    }

    private async Task<BackupPortal> HostAsync(string sql)
    {
        var portal = await BackupPortal.CreateAsync(cluster);
        var name = portal.Target.Name;
        foreach (var role in new[] { "app", "reader", "stranger" })
            await SuperuserAsync(portal, $"CREATE ROLE {role}_{name}");
        await SuperuserAsync(portal, sql.Replace("{db}", name, StringComparison.Ordinal)
            .Replace(" app;", $" app_{name};", StringComparison.Ordinal).Replace("GRANT app ", $"GRANT app_{name} ", StringComparison.Ordinal)
            .Replace(" reader", $" reader_{name}", StringComparison.Ordinal).Replace(" stranger", $" stranger_{name}", StringComparison.Ordinal));
        return portal;
    }

    private static async Task SuperuserAsync(BackupPortal portal, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(portal.Target.SuperuserConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }

    private static Task<IReadOnlyList<string>> StateAsync(BackupPortal portal) => HostState.ReadAsync(portal.Target, portal.Get<PostgresTools>());

    private static async Task<OperationRun> OverAsync(BackupPortal portal, BackupRow backup, RestoreOrder order) =>
        await portal.WorkAsync(await portal.Acts.RestoreAsync(BackupPortal.Admin, backup.Id, order, "main", null, Token));

    private static async Task<IReadOnlyList<RunStepRow>> StepsAsync(BackupPortal portal, string runId) =>
        (await portal.Get<RunJournals>().ReadAsync(BackupPortal.Admin, runId, Token)).Steps;
}
