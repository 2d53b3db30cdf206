using System.Security.Cryptography;
using System.Text;
using AdminPortal.Core.Migrations;

namespace AdminPortal.Core.Hosts;

/// <summary>
/// The SQL of what a mapping makes: the view, what keeps pairings with their person, and the indexes on the host's table. Each object
/// that stands on something of the host's carries a comment with a sum over its SQL: it is how the portal knows its own again.
/// </summary>
internal sealed class PeopleSql(HostPeople people)
{
    /// <summary>Stands before the sum in a comment.</summary>
    public const string Mark = "portal ";

    private readonly PeopleMapping mapping = people.Mapping;

    /// <summary>The host's table, quoted.</summary>
    public string Table => $"{Quote(mapping.Schema)}.{Quote(mapping.Table)}";

    private string Id => $"{Quote(mapping.Id)}::text{Collation(mapping.Id)}";

    private string Email => $"COALESCE({Quote(mapping.Email)}::text, ''){Collation(mapping.Email)}";

    /// <summary>Never null for a person without an e-mail address: something has to stand in a list.</summary>
    private string Name => $"COALESCE({FullName}, CASE WHEN {Quote(mapping.Email)} IS NULL THEN {Quote(mapping.Id)}::text END)";

    private string FullName => mapping.Names.Count == 0
        ? "NULL::text"
        : $"NULLIF(btrim({string.Join(" || ' ' || ", mapping.Names.Select(column => $"COALESCE({Quote(column)}::text{Collation(column)}, '')"))}), '')";

    private string CreatedAt => mapping.CreatedAt is not { } column ? "'1970-01-01'::timestamp(3)" : people.CreatedType switch
    {
        "timestamptz" => $"COALESCE({Quote(column)} AT TIME ZONE 'UTC', '1970-01-01'::timestamp)::timestamp(3)",
        _ => $"COALESCE({Quote(column)}::timestamp, '1970-01-01'::timestamp)::timestamp(3)",
    };

    public HostObject View => new(
        "view portal.users",
        $"""
        CREATE VIEW portal.users AS SELECT {Id} AS id, {Email} AS email, {Name} AS name,
            {CreatedAt} AS "createdAt", {CreatedAt} AS "updatedAt", {LastSynced} AS "lastSyncedAt" FROM {Table};
        """,
        "VIEW portal.users", "DROP VIEW portal.users;");

    /// <summary>When a person's device had everything last is kept beside the host's table, which has no column for it.</summary>
    private string LastSynced => people.Entities.Count == 0 ? "NULL::timestamp(3)" : $"""(SELECT s.at FROM portal.people_synced s WHERE s."userId" = {Id})""";

    /// <summary>The table of that; null: nothing syncs.</summary>
    public (string Create, string Drop, IReadOnlyList<string> Lines)? Synced => people.Entities.Count == 0 ? null : (
        "CREATE TABLE portal.people_synced (\"userId\" text CONSTRAINT people_synced_pkey PRIMARY KEY, at timestamp(3) without time zone NOT NULL);",
        "DROP TABLE portal.people_synced;",
        [
            "table portal.people_synced", "constraint portal.people_synced.people_synced_pkey: PRIMARY KEY (\"userId\")", "column portal.people_synced.userId text not null",
            "column portal.people_synced.at timestamp(3) without time zone not null",
        ]);

    /// <summary>Some people as the view would show them: id, email, name.</summary>
    public string Sample(int rows) => $"SELECT {Id}, {Email}, {Name} FROM {Table} LIMIT {rows}";

    /// <summary>Finds a person by the id that the portal knows; null: the host's own index does.</summary>
    public HostObject? ById => people.HasTextId ? null : Index("portal_people_id", "UNIQUE ", $"(({Id}))");

    public HostObject ByName => Index("portal_people_name", "", $"((COALESCE({Name}, {Email})), ({Id}))");

    public HostObject ByJoined => Index("portal_people_joined", "", $"(({CreatedAt}))");

    public HostObject ByWords => Index("portal_people_words", "", $"USING gin ((portal.search_fold({Email} || ' ' || COALESCE({Name}, ''))) gin_trgm_ops)");

    /// <summary>Keeps the rows of a table of the portal's with their person: a foreign key where the types allow it, else triggers.</summary>
    /// <param name="table">In public, with a column <c>userId</c>.</param>
    public IReadOnlyList<HostObject> Guard(string table) => people.HasTextId
        ?
        [
            new($"constraint public.{table}.{table}_userId_fkey:",
                $"""ALTER TABLE public.{table} ADD CONSTRAINT "{table}_userId_fkey" FOREIGN KEY ("userId") REFERENCES {Table} ({Quote(mapping.Id)}) ON DELETE CASCADE ON UPDATE CASCADE;""",
                $"""CONSTRAINT "{table}_userId_fkey" ON public.{table}""", null),
        ]
        :
        [
            Function($"portal.{table}_person()", $"""
                BEGIN
                    PERFORM 1 FROM {Table} WHERE {Id} = NEW."userId" FOR KEY SHARE;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'insert or update on table "{table}" violates foreign key constraint "{table}_userId_fkey"'
                            USING ERRCODE = 'foreign_key_violation', DETAIL = format('There is no person with the id %s.', NEW."userId"), SCHEMA = 'public', TABLE = '{table}', CONSTRAINT = '{table}_userId_fkey';
                    END IF;
                    RETURN NULL;
                END
                """),
            Function($"portal.{table}_people_deleted()", $"""
                BEGIN
                    DELETE FROM public.{table} t USING gone WHERE t."userId" = gone.{Id};
                    RETURN NULL;
                END
                """),
            Function($"portal.{table}_people_emptied()", $"""
                BEGIN
                    DELETE FROM public.{table};
                    RETURN NULL;
                END
                """),
            Function($"portal.{table}_people_renamed()", $"""
                BEGIN
                    UPDATE public.{table} SET "userId" = NEW.{Id} WHERE "userId" = OLD.{Id};
                    RETURN NULL;
                END
                """),
            Trigger($"{table}_person", $"public.{table}", "public", table, $"""AFTER INSERT OR UPDATE OF "userId" ON public.{table} FOR EACH ROW EXECUTE FUNCTION portal.{table}_person()"""),
            OnHost($"portal_{table}_deleted", $"AFTER DELETE ON {Table} REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION portal.{table}_people_deleted()"),
            OnHost($"portal_{table}_emptied", $"AFTER TRUNCATE ON {Table} FOR EACH STATEMENT EXECUTE FUNCTION portal.{table}_people_emptied()"),
            OnHost($"portal_{table}_renamed", $"AFTER UPDATE OF {Quote(mapping.Id)} ON {Table} FOR EACH ROW WHEN (OLD.{Quote(mapping.Id)} IS DISTINCT FROM NEW.{Quote(mapping.Id)}) EXECUTE FUNCTION portal.{table}_people_renamed()"),
        ];

    internal static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private string Collation(string column) => people.Foreign.Contains(column) ? " COLLATE \"default\"" : "";

    private HostObject Index(string name, string unique, string on) => new(
        $"index CREATE INDEX {name} ON {mapping.Title}",
        $"CREATE {unique}INDEX{(people.IsPartitioned ? "" : " CONCURRENTLY")} {name} ON {Table} {on};",
        $"INDEX {Quote(mapping.Schema)}.{name}", $"DROP INDEX{(people.IsPartitioned ? "" : " CONCURRENTLY")} IF EXISTS {Quote(mapping.Schema)}.{name};")
    {
        IsAlone = true,
    };

    private HostObject OnHost(string name, string definition) => Trigger(name, Table, mapping.Schema, mapping.Table, definition);

    internal static HostObject Trigger(string name, string quoted, string schema, string table, string definition) =>
        new($"trigger CREATE TRIGGER {name} ON {schema}.{table}", $"CREATE TRIGGER {name} {definition};", $"TRIGGER {name} ON {quoted}", $"DROP TRIGGER {name} ON {quoted};");

    private static HostObject Function(string name, string body) => new(
        $"function {name}", $"CREATE FUNCTION {name} RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $people$\n{body}\n$people$;", null, $"DROP FUNCTION {name};");
}

/// <summary>One object that a mapping makes.</summary>
/// <param name="Line">As <see cref="CatalogueLines"/> writes it, without the sum.</param>
/// <param name="Commented">What the comment is on; null: it needs none.</param>
/// <param name="Drop">Null: it goes with its table.</param>
internal sealed record HostObject(string Line, string Create, string? Commented, string? Drop)
{
    /// <summary>True: an index, which is made by a migration of its own.</summary>
    public bool IsAlone { get; init; }

    /// <summary>The line that proves that it is there as the portal made it.</summary>
    public string Marked => Commented is null ? Line : $"{Line} [{PeopleSql.Mark}{Sum}]";

    public IReadOnlyList<MigrationStatement> Up
    {
        get
        {
            var isConcurrent = Create.Contains(" CONCURRENTLY ", StringComparison.Ordinal);
            var comment = Commented is null ? null : $"COMMENT ON {Commented} IS 'AdminPortal made this; its roll-back takes it away. [{PeopleSql.Mark}{Sum}]';";
            List<MigrationStatement> statements =
            [
                .. IsAlone ? [new MigrationStatement(Drop!, !isConcurrent)] : Array.Empty<MigrationStatement>(),
                .. IsAlone && Create.Contains("gin_trgm_ops", StringComparison.Ordinal) ? [new MigrationStatement("SET search_path = public, portal, extensions;", false)] : Array.Empty<MigrationStatement>(),
                new MigrationStatement(Create.Trim(), !isConcurrent),
                .. comment is null ? [] : new[] { new MigrationStatement(comment, true) },
            ];
            return statements;
        }
    }

    private string Sum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Create.ReplaceLineEndings("\n"))))[..16];
}
