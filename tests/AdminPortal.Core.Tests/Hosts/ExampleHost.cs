using System.Runtime.CompilerServices;
using AdminPortal.Core.Hosts;
using AdminPortal.Core.Tests.Migrations;
using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.Hosts;

/// <summary>A database as a real service has it, behind <c>staging</c>; the SQL is in <c>Examples</c>.</summary>
internal static class ExampleHost
{
    /// <summary>How each of them has its people.</summary>
    public static PeopleMapping Mapping(string name) => name switch
    {
        "clinic" => new("public", "users", "id", "email", ["firstName", "lastName"], "createdAt"),
        "crm" => new("public", "User", "id", "email", ["firstName", "lastName"], "created_at"),
        _ => new("public", "users", "id", "email", ["name"], "createdAt"),
    };

    /// <summary>The focus app with what its phones work on offline.</summary>
    public static PeopleMapping Syncing { get; } = Mapping("focus") with
    {
        Sync =
        [
            new(
                "focusSession", "public", "focus_sessions", "userId",
                [new("taskId", Parent: "task"), new("duration"), new("startTime"), new("endTime"), new("completedAt"), new("status"), new("progress"), new("platform")], CreatedAt: "createdAt", UpdatedAt: "updatedAt"),
            new(
                "task", "public", "tasks", "userId",
                [new("title"), new("description"), new("status"), new("priority"), new("dueAt", "dueDate"), new("estimatedMinutes"), new("tagIds"), new("isAIGenerated", ReadOnly: true), new("completedAt")],
                DeletedAt: "deletedAt", CreatedAt: "createdAt", UpdatedAt: "updatedAt"),
        ],
    };

    public static async Task<OperationsWorld> CreateAsync(PostgresCluster cluster, string name)
    {
        var world = await OperationsWorld.CreateAsync(cluster);
        var sql = await File.ReadAllTextAsync(Path.Combine(Folder(), $"{name}.sql"), TestContext.Current.CancellationToken);
        if (name == "crm")
        {
            var role = $"crm_{world.Staging.Name}";
            await SuperuserAsync(world, $"CREATE ROLE {role}; GRANT {role} TO portal_owner; GRANT USAGE, CREATE ON SCHEMA public TO {role}; {sql.Replace("crm_app", role, StringComparison.Ordinal)}");
        }
        else
            await world.ExecuteAsync(sql);
        return world;
    }

    public static async Task SuperuserAsync(OperationsWorld world, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(world.Staging.SuperuserConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Examples");
}
