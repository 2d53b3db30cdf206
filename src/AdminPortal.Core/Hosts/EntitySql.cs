using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AdminPortal.Core.Backups;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Verification;

namespace AdminPortal.Core.Hosts;

/// <summary>
/// The SQL of what entities make: for each a view of its columns under the API's names and triggers on its table, and for all of them
/// one view that says whose a row is. The portal's role works through the views and has no right on the tables.
/// </summary>
internal static partial class EntitySql
{
    /// <summary>What a trigger and the portal have to know of each entity. Names of columns stand here and in no function.</summary>
    private const string Table = """
        CREATE TABLE portal.sync_entities (
            name text CONSTRAINT sync_entities_pkey PRIMARY KEY,
            position integer NOT NULL,
            key text NOT NULL,
            owner text NOT NULL,
            client text,
            deleted text,
            fields text[] NOT NULL,
            columns text[] NOT NULL,
            sequence text,
            definition jsonb NOT NULL
        );
        """;

    /// <summary>The lines of the catalogue that the table makes.</summary>
    private static readonly string[] TableLines =
    [
        "table portal.sync_entities", "constraint portal.sync_entities.sync_entities_pkey: PRIMARY KEY (name)",
        "column portal.sync_entities.name text not null", "column portal.sync_entities.position integer not null", "column portal.sync_entities.key text not null",
        "column portal.sync_entities.owner text not null", "column portal.sync_entities.client text", "column portal.sync_entities.deleted text",
        "column portal.sync_entities.fields text[] not null", "column portal.sync_entities.columns text[] not null", "column portal.sync_entities.sequence text",
        "column portal.sync_entities.definition jsonb not null",
    ];

    private const string NextIdsLine = "function portal.sync_next_ids(entity text, wanted integer)";

    private const string Progress = """
        CREATE TABLE portal.sync_backfill (entity text CONSTRAINT sync_backfill_pkey PRIMARY KEY, "lastId" text NOT NULL DEFAULT '');
        INSERT INTO portal.sync_backfill (entity) SELECT name FROM portal.sync_entities;
        """;

    private static readonly string[] ProgressLines =
    [
        "table portal.sync_backfill", "constraint portal.sync_backfill.sync_backfill_pkey: PRIMARY KEY (entity)", "column portal.sync_backfill.entity text not null",
        "column portal.sync_backfill.lastId text not null default ''::text",
    ];

    private const string StampStart = "CREATE FUNCTION sync.stamp(person text, most integer";

    /// <summary>Makes sync work on the entities.</summary>
    public const string Id = "20261130150000_add_sync_entities";

    /// <summary>Gives what is there its first versions.</summary>
    public const string BackfillId = "20261130150100_add_sync_entities_backfill";

    /// <summary>True: the migration stands on what was declared.</summary>
    public static bool IsOfEntities(string migrationId) => MigrationScript.NameOf(migrationId).StartsWith("add_sync_entit", StringComparison.Ordinal);

    /// <summary>The indexes that find rows by an id which is no text, each alone.</summary>
    public static IEnumerable<(string Id, HostObject Index)> Indexes(IReadOnlyList<HostEntity> entities) =>
        entities.Select((entity, at) => (Entity: entity, Id: $"202611301400{at:00}_add_sync_entity_{entity.Mapping.Name}_id")).Where(e => !e.Entity.HasPlainId).Select(e => (e.Id, Index(e.Entity)));

    /// <summary>The migration that makes everything but the indexes.</summary>
    public static (MigrationScript Script, MigrationEffect Effect) Main(MigrationScripts scripts, IReadOnlyList<HostEntity> entities)
    {
        List<HostObject> objects = [.. entities.Select(View), Rows(entities), .. entities.SelectMany(Triggers)];
        var rows = string.Join(",\n    ", entities.Select((entity, at) => Row(entity, at)));
        IReadOnlyList<MigrationStatement> up =
        [
            Of($"{Table}\nINSERT INTO portal.sync_entities (name, position, key, owner, client, deleted, fields, columns, sequence, definition) VALUES\n    {rows};"),
            Of(Progress), Of(EntityFunctions.Mark), Of(Stamp(scripts)), Of(EntityFunctions.NextIds), .. objects.SelectMany(o => o.Up),
        ];
        IReadOnlyList<MigrationStatement> down =
        [
            .. Enumerable.Reverse(objects).Select(o => Of(o.Drop!)), Of("DROP FUNCTION portal.sync_next_ids(text, integer);"),
            Of(Guides(scripts, "CREATE OR REPLACE FUNCTION sync.mark()")), Of(Guides(scripts, StampStart).Replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", StringComparison.Ordinal)), Of("DROP TABLE IF EXISTS portal.sync_backfill;"), Of("DROP TABLE portal.sync_entities;"),
        ];
        return (new MigrationScript(Id, MigrationScripts.Hash(up), up, down), new MigrationEffect([.. TableLines, .. ProgressLines, NextIdsLine, .. objects.Select(o => o.Marked)], []));
    }

    public static (MigrationScript Script, MigrationEffect Effect) First()
    {
        IReadOnlyList<MigrationStatement> up = [new(EntityFunctions.Backfill, InTransaction: false), Of("DROP TABLE IF EXISTS portal.sync_backfill;")];
        return (new MigrationScript(BackfillId, MigrationScripts.Hash(up), up, [Of(Progress)]), new MigrationEffect([], ProgressLines));
    }

    /// <summary>A function that is another one for entities is expected as that one is.</summary>
    public static IEnumerable<ManifestObject> Expected(MigrationScripts scripts, ManifestObject expected)
    {
        var made = expected is { Kind: CatalogueKind.Function, Schema: "sync", Until: null } ? expected.Name switch
        {
            "mark()" => EntityFunctions.Mark,
            _ when expected.Name.StartsWith("stamp(person text, most integer", StringComparison.Ordinal) => Stamp(scripts),
            _ => null,
        }
        : null;
        return made is null ? [expected]
            : [expected with { Until = Id }, expected with { Since = Id, Facts = new Dictionary<string, string>(expected.Facts, StringComparer.Ordinal) { ["body"] = $"md5 {Sum(made.Split("$$")[1])}" } }];
    }

    /// <summary>As PostgreSQL's md5: it tells a change, and protects nothing.</summary>
    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "It is compared with what PostgreSQL's md5() says.")]
    private static string Sum(string body) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(body)));

    /// <summary>What the portal's role may do there.</summary>
    public static IReadOnlyList<string> Grants(IEnumerable<string> entities, string quotedRole) =>
    [
        .. entities.Select(name => $"GRANT SELECT, INSERT, UPDATE, DELETE ON {ViewName(name)} TO {quotedRole}"), $"GRANT SELECT ON portal.sync_rows TO {quotedRole}",
        $"GRANT EXECUTE ON FUNCTION portal.sync_next_ids(text, integer) TO {quotedRole}",
    ];

    public static string ViewName(string entity) => $"portal.{PeopleSql.Quote($"sync_{entity}")}";

    /// <summary>As the one that <c>add_sync_lineage</c> makes, with the entities' rows in the place of the guides' tables. A client id that has no column of its own stays with the change.</summary>
    private static string Stamp(MigrationScripts scripts)
    {
        var rows = OfTheGuides().Replace(Guides(scripts, StampStart), """
            LEFT JOIN LATERAL (
                SELECT s.id, s."clientId" FROM portal.sync_rows s WHERE s.entity = r.entity AND s.id = r."entityId" AND s."userId" = person OFFSET 0
            ) o ON true
            """, 1);
        return rows.Replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", StringComparison.Ordinal)
            .Replace("= CASE WHEN excluded.deleted THEN coalesce(excluded.\"clientId\", c.\"clientId\") END", "= coalesce(excluded.\"clientId\", c.\"clientId\")", StringComparison.Ordinal);
    }

    private static string Guides(MigrationScripts scripts, string start) => scripts.All.SelectMany(m => m.Up).Last(s => s.Sql.StartsWith(start, StringComparison.Ordinal)).Sql;

    private static HostObject View(HostEntity entity)
    {
        var mapping = entity.Mapping;
        List<string> columns =
        [
            As(mapping.Id, "_id"), As(mapping.Owner, "_userId"), .. As2(mapping.ClientId, "_clientId"), .. As2(mapping.DeletedAt, "_deletedAt"), .. As2(mapping.CreatedAt, "_createdAt"),
            .. As2(mapping.UpdatedAt, "_updatedAt"), .. mapping.Fields.Select(f => As(f.Source, f.Name)),
        ];
        return new($"view portal.sync_{mapping.Name}", $"CREATE VIEW {ViewName(mapping.Name)} AS SELECT {string.Join(", ", columns)} FROM {TableOf(mapping)};", $"VIEW {ViewName(mapping.Name)}", $"DROP VIEW {ViewName(mapping.Name)};");

        static string As(string column, string name) => $"{PeopleSql.Quote(column)} AS {PeopleSql.Quote(name)}";

        static IEnumerable<string> As2(string? column, string name) => column is null ? [] : [As(column, name)];
    }

    private static HostObject Rows(IReadOnlyList<HostEntity> entities)
    {
        var parts = entities.Select(e => $"""
            SELECT {TargetServer.Literal(e.Mapping.Name)}::text AS entity, t."_id"::text{Collation(e)} AS id, t."_userId"::text COLLATE "default" AS "userId", {(e.ClientIdType is null ? "NULL" : "t.\"_clientId\"")}::text COLLATE "default" AS "clientId" FROM {ViewName(e.Mapping.Name)} t{(e.DeletedAtType is null ? "" : " WHERE t.\"_deletedAt\" IS NULL")}
            """);
        return new("view portal.sync_rows", $"CREATE VIEW portal.sync_rows AS\n{string.Join("\nUNION ALL\n", parts)};", "VIEW portal.sync_rows", "DROP VIEW portal.sync_rows;");
    }

    private static IEnumerable<HostObject> Triggers(HostEntity entity)
    {
        var mapping = entity.Mapping;
        yield return Always("portal_sync_mark", $"AFTER INSERT OR UPDATE OR DELETE ON {TableOf(mapping)} FOR EACH ROW EXECUTE FUNCTION sync.mark({TargetServer.Literal(mapping.Name)})");
        yield return Always("portal_sync_emptied", $"AFTER TRUNCATE ON {TableOf(mapping)} FOR EACH STATEMENT EXECUTE FUNCTION sync.new_epoch()");

        HostObject Always(string name, string definition)
        {
            var trigger = PeopleSql.Trigger(name, TableOf(mapping), mapping.Schema, mapping.Table, definition);
            return trigger with { Create = $"{trigger.Create}\nALTER TABLE {TableOf(mapping)} ENABLE ALWAYS TRIGGER {name};" };
        }
    }

    private static HostObject Index(HostEntity entity)
    {
        var mapping = entity.Mapping;
        var name = $"portal_sync_{mapping.Name}_id";
        return new(
            $"index CREATE INDEX {name} ON {mapping.Title}", $"CREATE UNIQUE INDEX CONCURRENTLY {PeopleSql.Quote(name)} ON {TableOf(mapping)} (({PeopleSql.Quote(mapping.Id)}::text{Collation(entity)}));",
            $"INDEX {PeopleSql.Quote(mapping.Schema)}.{PeopleSql.Quote(name)}", $"DROP INDEX CONCURRENTLY IF EXISTS {PeopleSql.Quote(mapping.Schema)}.{PeopleSql.Quote(name)};")
        {
            IsAlone = true,
        };
    }

    private static string Row(HostEntity entity, int position)
    {
        var mapping = entity.Mapping;
        return $"({Text(mapping.Name)}, {position}, {Text(mapping.Id)}, {Text(mapping.Owner)}, {Text(mapping.ClientId)}, {Text(mapping.DeletedAt)}, {List(mapping.Fields.Select(f => f.Name))}, {List(mapping.Fields.Select(f => f.Source))}, {Text(entity.IdSequence)}, {Text(entity.ToJson())}::jsonb)";

        static string Text(string? text) => text is null ? "NULL" : TargetServer.Literal(text);

        static string List(IEnumerable<string> texts) => $"ARRAY[{string.Join(", ", texts.Select(Text))}]::text[]";
    }

    private static string Collation(HostEntity entity) => entity.HasPlainId ? "" : " COLLATE \"default\"";

    private static string TableOf(EntityMapping mapping) => $"{PeopleSql.Quote(mapping.Schema)}.{PeopleSql.Quote(mapping.Table)}";

    private static MigrationStatement Of(string sql) => new(sql.Trim(), InTransaction: true);

    [GeneratedRegex("""LEFT JOIN LATERAL \(\s*\(SELECT t\.id.*?\) o ON true""", RegexOptions.CultureInvariant | RegexOptions.Singleline, 1000)]
    private static partial Regex OfTheGuides();
}
