using AdminPortal.Core.Tests.Verification;
using AdminPortal.Core.Verification;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.Migrations;

/// <summary>Who may do what on a host's database after a deployment, and after it was rolled back.</summary>
public sealed class HostGrantsTests(PostgresCluster cluster)
{
    private const string Host = GuidesSql.Host + """
        CREATE TABLE "ApiToken" (id text PRIMARY KEY, token text NOT NULL);
        CREATE TABLE "Session" (id text PRIMARY KEY);
        INSERT INTO users (id, email, name, "updatedAt", "passwordHash") VALUES ('u1', 'one@example.org', 'One', now(), 'secret');
        """;

    private const string Rights =
        """
        SELECT format('%s %s', c.relname, a.privilege_type) FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a
        WHERE c.relnamespace = 'public'::regnamespace AND a.grantee = 'portal_runtime'::regrole
        UNION ALL SELECT format('%s.%s %s', t.attrelid::regclass, t.attname, a.privilege_type) FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid CROSS JOIN LATERAL aclexplode(t.attacl) a
        WHERE c.relnamespace = 'public'::regnamespace AND NOT t.attisdropped AND a.grantee = 'portal_runtime'::regrole ORDER BY 1
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deploy_OnAHost_GivesTheRuntimeRoleOnlyWhatThePortalWorksOn()
    {
        await using var world = await HostAsync();
        var preview = (await world.Previews.ReadAsync("staging", Token)).Preview!;
        var shown = preview.Prechecks.Single(check => check.Title.StartsWith("Rights", StringComparison.Ordinal)).Found;
        Assert.Contains("GRANT SELECT ON portal.users TO", shown, StringComparison.Ordinal);

        var run = await world.DeployAsync("staging");

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        var rights = await RightsAsync(world);
        Assert.Contains("tasks.title UPDATE", rights);
        Assert.Contains("tasks DELETE", rights);
        Assert.DoesNotContain(rights, right => right.Contains("passwordHash", StringComparison.Ordinal) || right.Contains("ApiToken", StringComparison.Ordinal) || right.Contains("Session ", StringComparison.Ordinal));
        Assert.DoesNotContain(rights, right => right.StartsWith("users", StringComparison.Ordinal) || right is "tasks SELECT" or "tasks UPDATE" or "tasks INSERT");
        Assert.All(rights, right => Assert.Contains(Statement(right), shown, StringComparison.Ordinal));
        await DeniedAsync(world, "SELECT email FROM public.users");
        await DeniedAsync(world, "UPDATE portal.users SET email = email");
        await DeniedAsync(world, "DELETE FROM portal.users");
        await DeniedAsync(world, "INSERT INTO public.users (id, email, \"updatedAt\") VALUES ('x', 'x', now())");
        await DeniedAsync(world, "DELETE FROM public.users");
        await DeniedAsync(world, "SELECT * FROM public.\"ApiToken\"");
        await world.ExecuteAsync("CREATE TABLE public.later (id text)");
        await DeniedAsync(world, "SELECT * FROM public.later");
    }

    [Fact]
    public async Task RollBack_OfEverythingButTheBaseline_TakesEveryRightBack()
    {
        await using var world = await HostAsync();
        var before = await RightsAsync(world);
        await world.DeployAsync("staging");
        Assert.NotEqual(before, await RightsAsync(world));
        var baseline = world.Get<Core.Migrations.MigrationScripts>().FindByName("baseline")!.Id;

        await world.EndOfAsync(await world.Migrations.RollBackAsync(OperationsWorld.Admin, "staging", baseline, withBackup: false, acceptsLosses: true, "a test", Token));

        Assert.Equal(before, await RightsAsync(world));
    }

    [Fact]
    public async Task Deploy_TablesOfAnotherOwner_GivesTheHostsRolesWhatTheyHaveOnUsers()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        var name = world.Staging.Name;
        await SuperuserAsync(world, $"""
            CREATE ROLE app_{name}; CREATE ROLE report_{name}; GRANT app_{name} TO portal_owner;
            GRANT ALL ON SCHEMA public TO app_{name}; SET ROLE app_{name}; {Host} GRANT SELECT ON users TO report_{name}; RESET ROLE
            """);
        await AdoptAsync(world);
        var preview = (await world.Previews.ReadAsync("staging", Token)).Preview!;
        Assert.Contains($"GRANT SELECT ON public.device_pairings TO report_{name}", preview.Prechecks.Single(check => check.Title.StartsWith("Rights", StringComparison.Ordinal)).Found, StringComparison.Ordinal);

        var run = await world.DeployAsync("staging");

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        foreach (var table in new[] { "device_pairings", "device_permissions", "devices" })
        {
            Assert.Equal(true, await world.ScalarAsync($"SELECT has_table_privilege('app_{name}', 'public.{table}', 'SELECT, UPDATE') AND has_table_privilege('report_{name}', 'public.{table}', 'SELECT')"));
            Assert.Equal(false, await world.ScalarAsync($"SELECT has_table_privilege('report_{name}', 'public.{table}', 'INSERT')"));
        }
    }

    [Fact]
    public async Task Verify_RuntimeRoleWithRightsOnAHostsTable_WarnsAndNamesTheTable()
    {
        await using var world = await VerificationWorld.CreateAsync(cluster);
        await world.ExecuteAsync("""CREATE TABLE public."ApiToken" (id text); GRANT SELECT ON public."ApiToken" TO portal_runtime; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO portal_runtime""");

        var roles = (await world.RunAsync(data: false)).Checks.Single(check => check.Id == "roles");

        Assert.Equal(["default privileges of portal_owner", "public.\"ApiToken\""], roles.Findings.Where(f => f.Severity == CheckSeverity.Warning).Select(f => f.Subject));
        Assert.Contains("REVOKE ALL ON public.\"ApiToken\"", roles.Findings[^1].Remedy, StringComparison.Ordinal);
    }

    private static string Statement(string right) => right.Split(' ') switch
    {
        [var column, var privilege] when column.Contains('.', StringComparison.Ordinal) => $"\"{column.Split('.')[1].Trim('"')}\"",
        [var table, var privilege] => $"GRANT {privilege} ON public.{table}",
        _ => right,
    };

    private async Task<OperationsWorld> HostAsync()
    {
        var world = await OperationsWorld.CreateAsync(cluster);
        await world.ExecuteAsync(Host);
        await AdoptAsync(world);
        return world;
    }

    private static async Task AdoptAsync(OperationsWorld world)
    {
        var adopted = await world.EndOfAsync(await world.Migrations.AdoptAsync(OperationsWorld.Admin, "staging", withBackup: false, "a test", Token));
        Assert.Equal((RunState.Done, null), (adopted.State, adopted.Error));
    }

    private static async Task<string[]> RightsAsync(OperationsWorld world) => (string[])(await world.ScalarAsync($"SELECT ARRAY({Rights})"))!;

    private static async Task DeniedAsync(OperationsWorld world, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(world.Staging.RuntimeConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Token))).SqlState);
    }

    private static async Task SuperuserAsync(OperationsWorld world, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(world.Staging.SuperuserConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }
}
