using System.Data;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Lists;

/// <summary>How many rows the database's planner expects of a query: a millisecond instead of a count, and right to about a factor of two.</summary>
internal static class RowEstimate
{
    public static async Task<long> OfAsync<T>(IQueryable<T> query, CancellationToken cancellationToken)
    {
        await using var command = query.CreateDbCommand();
        var opened = command.Connection!.State == ConnectionState.Closed;
        if (opened)
        {
            await command.Connection.OpenAsync(cancellationToken);
        }

        try
        {
#pragma warning disable CA2100 // EF's own text with a fixed word before it; every value is a parameter
            command.CommandText = "EXPLAIN (FORMAT JSON) " + command.CommandText;
#pragma warning restore CA2100
            using var plan = JsonDocument.Parse((string)(await command.ExecuteScalarAsync(cancellationToken))!);
            return (long)plan.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetDouble();
        }
        finally
        {
            if (opened)
            {
                await command.Connection.CloseAsync();
            }
        }
    }
}
