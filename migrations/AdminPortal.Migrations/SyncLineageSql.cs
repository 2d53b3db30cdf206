namespace AdminPortal.Migrations;

/// <summary>
/// The functions of sync as <c>add_sync_lineage</c> leaves them. Each advance of a person's head gets a nonce that a database which was
/// set back cannot give again; a deletion keeps the client id of what it removed; and one call gives versions to a bounded number of marks.
/// </summary>
internal static class SyncLineageSql
{
    public const string Tables = """
        ALTER TABLE sync.heads ADD COLUMN nonce uuid;
        ALTER TABLE sync.meta ADD COLUMN "emptiedAt" timestamp with time zone;
        ALTER TABLE sync.dirty ADD COLUMN "clientId" text;
        ALTER TABLE sync.changes ADD COLUMN "clientId" text;
        CREATE TABLE sync.stamps (
            "userId" text NOT NULL,
            version bigint NOT NULL,
            nonce uuid NOT NULL,
            at timestamp with time zone NOT NULL DEFAULT (now()),
            CONSTRAINT stamps_pkey PRIMARY KEY ("userId", version)
        );
        CREATE INDEX stamps_at_idx ON sync.stamps USING brin (at);
        """;

    /// <summary>With the nonces what every cursor holds goes: a new epoch says so, or it would look as if something had set the database back.</summary>
    public const string DropTables = """
        UPDATE sync.meta SET epoch = replace(gen_random_uuid()::text, '-', '');
        DROP TABLE sync.stamps;
        ALTER TABLE sync.changes DROP COLUMN "clientId";
        ALTER TABLE sync.dirty DROP COLUMN "clientId";
        ALTER TABLE sync.meta DROP COLUMN "emptiedAt";
        ALTER TABLE sync.heads DROP COLUMN nonce;
        """;

    /// <summary>As before, and a row that goes leaves its client id: devices that know rows by nothing else find what was deleted.</summary>
    public static readonly string Mark = SyncProtocolSql.Mark
        .Replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", StringComparison.Ordinal)
        .Replace(
            """("userId", entity, "entityId", "deviceId") VALUES (OLD."userId", TG_ARGV[0], OLD.id, device)""",
            """("userId", entity, "entityId", "deviceId", "clientId") VALUES (OLD."userId", TG_ARGV[0], OLD.id, device, OLD."clientId")""", StringComparison.Ordinal);

    public static readonly string MarkBefore = SyncProtocolSql.Mark.Replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", StringComparison.Ordinal);

    /// <summary>Says, too, that what the table left in <c>sync.changes</c> can go. It is not removed here: whoever empties a table must wait for nobody.</summary>
    public static readonly string NewEpoch = SyncProtocolSql.NewEpoch
        .Replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", StringComparison.Ordinal)
        .Replace("replace(gen_random_uuid()::text, '-', '');", "replace(gen_random_uuid()::text, '-', ''), \"emptiedAt\" = clock_timestamp();", StringComparison.Ordinal);

    public static readonly string NewEpochBefore = SyncProtocolSql.NewEpoch.Replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", StringComparison.Ordinal);

    /// <summary>The function of before goes on, for an instance of the release before and for who wants everything stamped; through the new one.</summary>
    public const string StampAll = """
        CREATE OR REPLACE FUNCTION sync.stamp(person text, OUT head bigint, OUT floor bigint) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            SELECT s.head, s.floor INTO head, floor FROM sync.stamp(person, NULL, '{}') s;
        END $$;
        """;

    public static readonly string StampAllBefore = SyncProtocolSql.Stamp.Replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", StringComparison.Ordinal);

    public const string DropStamp = "DROP FUNCTION sync.stamp(text, integer, text[]);";

    /// <summary>
    /// Takes the person's head for the rest of the transaction and turns what is dirty into versions. Whether a row is gone is
    /// asked of its table, so the order in which marks of one row arrived does not matter.
    /// </summary>
    public const string Stamp = """
        CREATE FUNCTION sync.stamp(person text, most integer, also text[], OUT head bigint, OUT floor bigint, OUT nonce uuid, OUT more boolean)
        LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            stamped bigint;
            next bigint;
        BEGIN
            INSERT INTO sync.heads ("userId") VALUES (person) ON CONFLICT DO NOTHING;
            SELECT h.version, h."purgeFloor", h.nonce INTO head, floor, nonce FROM sync.heads h WHERE h."userId" = person FOR UPDATE;
            IF most IS NOT NULL THEN
                SELECT d.seq INTO next FROM (SELECT seq FROM sync.dirty WHERE "userId" = person OFFSET 0) d ORDER BY d.seq OFFSET most LIMIT 1;
            END IF;
            more := next IS NOT NULL;
            WITH taken AS (
                DELETE FROM sync.dirty d WHERE d."userId" = person AND (next IS NULL OR d.seq < next OR d."entityId" = ANY (also))
                RETURNING d.seq, d.entity, d."entityId", d."deviceId", d.fields, d."clientId"
            ), latest AS (
                SELECT DISTINCT ON (t.entity, t."entityId", f.name) t.entity, t."entityId", f.name, t."deviceId", t.seq, t."clientId"
                FROM taken t, unnest(coalesce(t.fields, '{*}')) AS f(name)
                ORDER BY t.entity, t."entityId", f.name, t.seq DESC
            ), touched AS (
                SELECT entity, "entityId", max(seq) AS last, max(seq) FILTER (WHERE name = '*') AS whole, max("clientId") AS "clientId",
                    array_agg(name) AS names, array_agg("deviceId") AS devices, array_agg(seq) AS seqs
                FROM latest GROUP BY entity, "entityId"
            ), numbered AS (
                SELECT r.entity, r."entityId", r.last, r.whole, r.names, r.devices, r.seqs, r."clientId" AS former,
                    head + row_number() OVER (ORDER BY r.last) AS version, o.id IS NULL AS deleted, o."clientId"
                FROM touched r LEFT JOIN LATERAL (
                    (SELECT t.id, t."clientId" FROM public.tasks t WHERE r.entity = 'task' AND t.id = r."entityId" AND t."userId" = person OFFSET 0)
                    UNION ALL
                    (SELECT s.id, s."clientId" FROM public.focus_sessions s WHERE r.entity = 'focusSession' AND s.id = r."entityId" AND s."userId" = person OFFSET 0)
                ) o ON true
            ), known AS (
                INSERT INTO sync.client_ids ("userId", entity, "clientId", "entityId")
                SELECT person, entity, "clientId", "entityId" FROM numbered WHERE "clientId" IS NOT NULL
                ON CONFLICT DO NOTHING
            )
            INSERT INTO sync.changes AS c ("userId", entity, "entityId", version, deleted, "clientId", "fieldVersions", "changedAt")
            SELECT person, n.entity, n."entityId", n.version, n.deleted, CASE WHEN n.deleted THEN n.former END, CASE
                WHEN n.names = '{*}' AND n.devices[1] IS NULL THEN jsonb_build_object('*', jsonb_build_object('v', n.version))
                WHEN n.names = '{*}' THEN jsonb_build_object('*', jsonb_build_object('v', n.version, 'd', n.devices[1]))
                ELSE (
                    SELECT jsonb_object_agg(w.name, CASE WHEN w.device IS NULL THEN jsonb_build_object('v', n.version) ELSE jsonb_build_object('v', n.version, 'd', w.device) END)
                    FROM unnest(n.names, n.devices, n.seqs) AS w(name, device, seq) WHERE n.whole IS NULL OR w.seq >= n.whole) END, now()
            FROM numbered n
            ON CONFLICT ("userId", entity, "entityId") DO UPDATE SET version = excluded.version, deleted = excluded.deleted, "changedAt" = excluded."changedAt",
                "clientId" = CASE WHEN excluded.deleted THEN coalesce(excluded."clientId", c."clientId") END,
                "fieldVersions" = CASE WHEN excluded."fieldVersions" ? '*' THEN excluded."fieldVersions" ELSE c."fieldVersions" || excluded."fieldVersions" END;
            GET DIAGNOSTICS stamped = ROW_COUNT;
            IF stamped > 0 THEN
                IF stamp.nonce IS NOT NULL THEN
                    INSERT INTO sync.stamps ("userId", version, nonce) VALUES (person, stamp.head, stamp.nonce) ON CONFLICT DO NOTHING;
                END IF;
                head := head + stamped;
                nonce := gen_random_uuid();
                UPDATE sync.heads h SET version = stamp.head, nonce = stamp.nonce WHERE h."userId" = person;
            END IF;
        END $$;
        """;

    /// <summary>Writers that replay what happened elsewhere (logical replication) change the person's data as well as any other.</summary>
    public const string AlwaysOn = """
        ALTER TABLE public.tasks ENABLE ALWAYS TRIGGER sync_mark;
        ALTER TABLE public.tasks ENABLE ALWAYS TRIGGER sync_new_epoch;
        ALTER TABLE public.focus_sessions ENABLE ALWAYS TRIGGER sync_mark;
        ALTER TABLE public.focus_sessions ENABLE ALWAYS TRIGGER sync_new_epoch;
        """;

    public const string OriginOnly = """
        ALTER TABLE public.focus_sessions ENABLE TRIGGER sync_new_epoch;
        ALTER TABLE public.focus_sessions ENABLE TRIGGER sync_mark;
        ALTER TABLE public.tasks ENABLE TRIGGER sync_new_epoch;
        ALTER TABLE public.tasks ENABLE TRIGGER sync_mark;
        """;
}
