using Npgsql;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>What another program does on the same tables, by plain SQL.</summary>
internal static class HostApplication
{
    public static async Task<int> ExecuteAsync(this NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
