using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AdminPortal.Data;

/// <summary>
/// Names columns, keys and indexes as Prisma does (camelCase columns, <c>table_column_key</c>, <c>table_column_idx</c>,
/// <c>table_column_fkey</c>, <c>table_pkey</c>), so that both tools see the same catalogue.
/// </summary>
internal static class PrismaNaming
{
    public static void Apply(ModelBuilder model)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            if (entity.IsMappedToJson())
            {
                continue;
            }

            var table = entity.GetTableName();
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(JsonNamingPolicy.CamelCase.ConvertName(property.Name));
            }

            foreach (var key in entity.GetKeys())
            {
                key.SetName(key.IsPrimaryKey() ? $"{table}_pkey" : $"{table}_{Columns(key.Properties)}_key");
            }

            foreach (var index in entity.GetIndexes())
            {
                index.SetDatabaseName(index.Name ?? $"{table}_{Columns(index.Properties)}_{(index.IsUnique ? "key" : "idx")}");
            }

            foreach (var foreignKey in entity.GetForeignKeys())
            {
                foreignKey.SetConstraintName($"{table}_{Columns(foreignKey.Properties)}_fkey");
            }
        }
    }

    private static string Columns(IEnumerable<IReadOnlyProperty> properties) =>
        string.Join('_', properties.Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)));
}
