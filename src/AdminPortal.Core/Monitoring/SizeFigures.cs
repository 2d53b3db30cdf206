using AdminPortal.Core.Targets;
using AdminPortal.Core.Verification;

namespace AdminPortal.Core.Monitoring;

/// <summary>Keeps the sizes of the primary target's tables and their indexes, once an hour, so that their growth can be told.</summary>
internal sealed class SizeFigures(DeviceDatabases databases, FigureStore store)
{
    /// <summary>Tables beyond these, by size, are not kept: a host's database can have thousands.</summary>
    public const int Most = 40;

    public const string Prefix = "size/";

    public static string TableName(string table) => $"{Prefix}table/{table}";

    public static string IndexesName(string table) => $"{Prefix}indexes/{table}";

    public async Task<SizeReport> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await databases.PrimaryDataSource.OpenConnectionAsync(cancellationToken);
        return await SizeReader.ReadAsync(connection, cancellationToken);
    }

    /// <summary>Measures unless this hour has been; true: it did.</summary>
    public async Task<bool> KeepAsync(CancellationToken cancellationToken)
    {
        var hour = MonitoringRange.All.Single(r => r.Step == TimeSpan.FromHours(1));
        var stored = await store.ReadAsync([], Prefix, hour with { Span = hour.Step }, cancellationToken);
        if (stored.ByName.Count > 0)
        {
            return false;
        }

        var sums = new Dictionary<string, FigureSum>(StringComparer.Ordinal);
        foreach (var table in (await ReadAsync(cancellationToken)).Tables.Take(Most))
        {
            sums[TableName(table.Table)] = new FigureSum(1, table.TableBytes, table.TableBytes);
            sums[IndexesName(table.Table)] = new FigureSum(1, table.IndexBytes, table.IndexBytes);
        }

        await store.AddAsync(sums, cancellationToken);
        return true;
    }
}
