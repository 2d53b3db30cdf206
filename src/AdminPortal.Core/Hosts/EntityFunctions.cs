namespace AdminPortal.Core.Hosts;

/// <summary>The SQL that is the same for all entities: it reads what it has to know of them from <c>portal.sync_entities</c>.</summary>
internal static class EntityFunctions
{
    /// <summary>
    /// Runs with the owner's rights. A row is compared as JSON, so that a renamed column is no error of the host's statement: what cannot be
    /// compared counts as changed. A host's value that no JSON can hold is met by the slow way.
    /// </summary>
    public const string Mark = """
        CREATE OR REPLACE FUNCTION sync.mark() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            device text := nullif(current_setting('sync.device', true), '');
            e portal.sync_entities;
            was jsonb := '{}';
            now jsonb := '{}';
            changed text[];
            told boolean := true;
        BEGIN
            SELECT * INTO e FROM portal.sync_entities s WHERE s.name = TG_ARGV[0];
            IF NOT FOUND THEN
                RETURN NULL;
            END IF;
            BEGIN
                IF TG_OP <> 'INSERT' THEN was := to_jsonb(OLD); END IF;
                IF TG_OP <> 'DELETE' THEN now := to_jsonb(NEW); END IF;
            EXCEPTION WHEN OTHERS THEN
                told := false;
                BEGIN
                    IF TG_OP <> 'INSERT' THEN
                        EXECUTE format('SELECT jsonb_build_object(%L, ($1).%I::text, %L, ($1).%I::text, %L, %s)', e.key, e.key, e.owner, e.owner, coalesce(e.client, ' '), coalesce(format('($1).%I::text', e.client), 'NULL::text'))
                            INTO was USING OLD;
                    END IF;
                    IF TG_OP <> 'DELETE' THEN
                        EXECUTE format('SELECT jsonb_build_object(%L, ($1).%I::text, %L, ($1).%I::text)', e.key, e.key, e.owner, e.owner) INTO now USING NEW;
                    END IF;
                EXCEPTION WHEN OTHERS THEN
                    RETURN NULL; -- its key was renamed: verification says so
                END;
            END;
            IF TG_OP = 'UPDATE' AND told AND was -> e.key = now -> e.key AND was -> e.owner IS NOT DISTINCT FROM now -> e.owner
                AND (e.deleted IS NULL OR (now ? e.deleted AND was -> e.deleted = now -> e.deleted)) AND now ?& e.columns THEN
                IF now ->> e.owner IS NULL THEN
                    RETURN NULL;
                END IF;
                SELECT coalesce(array_agg(f.name), '{}') INTO changed FROM unnest(e.fields, e.columns) AS f(name, source) WHERE was -> f.source <> now -> f.source;
                IF e.client IS NOT NULL AND was -> e.client <> now -> e.client THEN
                    changed := changed || 'clientId'::text;
                END IF;
                IF changed <> '{}' THEN
                    INSERT INTO sync.dirty ("userId", entity, "entityId", "deviceId", fields) VALUES (now ->> e.owner, e.name, now ->> e.key, device, changed);
                END IF;
                RETURN NULL;
            END IF;
            IF TG_OP <> 'INSERT' AND was ->> e.key IS NOT NULL AND was ->> e.owner IS NOT NULL THEN
                INSERT INTO sync.dirty ("userId", entity, "entityId", "deviceId", "clientId") VALUES (was ->> e.owner, e.name, was ->> e.key, device, was ->> e.client);
            END IF;
            IF TG_OP <> 'DELETE' AND now ->> e.key IS NOT NULL AND now ->> e.owner IS NOT NULL THEN
                INSERT INTO sync.dirty ("userId", entity, "entityId", "deviceId") VALUES (now ->> e.owner, e.name, now ->> e.key, device);
            END IF;
            RETURN NULL;
        END $$;
        """;

    /// <summary>Ids of a host whose sequence gives them. The portal's role has no right on it.</summary>
    public const string NextIds = """
        CREATE FUNCTION portal.sync_next_ids(entity text, wanted integer) RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            RETURN QUERY SELECT nextval(e.sequence::regclass)::text FROM portal.sync_entities e, generate_series(1, least(wanted, 1000)) WHERE e.name = entity AND e.sequence IS NOT NULL;
        END $$;
        REVOKE ALL ON FUNCTION portal.sync_next_ids(text, integer) FROM PUBLIC;
        """;

    /// <summary>Batches of rows that are read, never locked, each in a transaction of its own. May be interrupted and repeated.</summary>
    public const string Backfill = """
        DO $$
        DECLARE
            one text;
            person text;
            since text;
            until text;
        BEGIN
            IF to_regclass('portal.sync_backfill') IS NULL THEN
                RETURN; -- was done before the interruption
            END IF;
            FOR one, since IN SELECT entity, "lastId" FROM portal.sync_backfill ORDER BY 1 LOOP
                LOOP
                    EXECUTE format('SELECT max(b.id) FROM (SELECT r.id FROM portal.sync_rows r WHERE r.entity = %L AND r.id > $1 ORDER BY r.id LIMIT 5000) b', one) INTO until USING since;
                    EXIT WHEN until IS NULL;
                    EXECUTE format('INSERT INTO sync.dirty ("userId", entity, "entityId") SELECT r."userId", r.entity, r.id FROM portal.sync_rows r
                        WHERE r.entity = %L AND r.id > $1 AND r.id <= $2 AND r."userId" IS NOT NULL ORDER BY r.id', one) USING since, until;
                    UPDATE portal.sync_backfill SET "lastId" = until WHERE entity = one;
                    since := until;
                    COMMIT;
                END LOOP;
            END LOOP;
            INSERT INTO sync.dirty ("userId", entity, "entityId") -- what went while nothing was seen
            SELECT c."userId", c.entity, c."entityId" FROM sync.changes c
            WHERE NOT c.deleted AND NOT EXISTS (SELECT FROM portal.sync_rows r WHERE r.entity = c.entity AND r.id = c."entityId" AND r."userId" = c."userId");
            COMMIT;
            FOR person IN SELECT DISTINCT "userId" FROM sync.dirty ORDER BY 1 LOOP
                PERFORM sync.stamp(person);
                COMMIT;
            END LOOP;
        END $$;
        """;
}
