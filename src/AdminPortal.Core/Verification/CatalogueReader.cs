using Npgsql;

namespace AdminPortal.Core.Verification;

/// <summary>Reads a database's catalogue in one round trip, whatever the number of its tables and rows.</summary>
internal static class CatalogueReader
{
    private static readonly (CatalogueKind Kind, string Query)[] Questions =
    [
        (CatalogueKind.Table, CatalogueQueries.Tables),
        (CatalogueKind.Column, CatalogueQueries.Columns),
        (CatalogueKind.Enum, CatalogueQueries.Enums),
        (CatalogueKind.Index, CatalogueQueries.Indexes),
        (CatalogueKind.Constraint, CatalogueQueries.Constraints),
        (CatalogueKind.Trigger, CatalogueQueries.Triggers),
        (CatalogueKind.Function, CatalogueQueries.Functions),
    ];

    public static async Task<DatabaseCatalogue> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT set_config('search_path', '', false)")); // names come out with their schema
        foreach (var (_, query) in Questions)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(query));
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand("SET search_path = public"));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var objects = new List<CatalogueObject>();
        foreach (var (kind, _) in Questions)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                objects.Add(Read(reader, kind));
            }

            await reader.NextResultAsync(cancellationToken);
        }

        return new DatabaseCatalogue(objects);
    }

    private static CatalogueObject Read(NpgsqlDataReader reader, CatalogueKind kind)
    {
        var exact = kind != CatalogueKind.Constraint ? kind : reader.GetChar(5) switch { 'f' => CatalogueKind.ForeignKey, 'p' => CatalogueKind.PrimaryKey, _ => kind };
        return new CatalogueObject(exact, reader.GetString(0), reader.GetString(1), reader.GetString(2), Pairs(reader, 3), Pairs(reader, 4));
    }

    private static Dictionary<string, string> Pairs(NpgsqlDataReader reader, int ordinal)
    {
        var values = reader.GetFieldValue<string?[]>(ordinal);
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < values.Length; i += 2)
        {
            if (values[i + 1] is { } value)
            {
                pairs.Add(values[i]!, value);
            }
        }

        return pairs;
    }
}
