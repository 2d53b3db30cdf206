using Npgsql;

namespace AdminPortal.Core.Tests.Pairing;

/// <summary>Statements on a connection that a test holds open.</summary>
internal static class Sql
{
    public static async Task<int> RunAsync(NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
