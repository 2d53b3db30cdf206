namespace AdminPortal.Migrations;

/// <summary>
/// What <c>add_sync_protocol</c> makes beside its tables. The triggers only insert into <c>sync.dirty</c>, so that no writer waits
/// for a device and none is killed by a deadlock; <c>sync.stamp</c> gives the versions (docs/decisions/0011).
/// </summary>
internal static class SyncProtocolSql
{
    /// <summary>Runs with the owner's rights: the host application needs none in schema sync.</summary>
    public const string Mark = """
        CREATE FUNCTION sync.mark() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            device text := nullif(current_setting('sync.device', true), '');
            changed text[];
        BEGIN
            IF TG_OP = 'UPDATE' AND NEW.id = OLD.id AND NEW."userId" = OLD."userId" THEN
                IF TG_ARGV[0] = 'task' THEN
                    changed := array_remove(ARRAY[
                        CASE WHEN NEW.title IS DISTINCT FROM OLD.title THEN 'title' END,
                        CASE WHEN NEW.notes IS DISTINCT FROM OLD.notes THEN 'notes' END,
                        CASE WHEN NEW.status IS DISTINCT FROM OLD.status THEN 'status' END,
                        CASE WHEN NEW."dueAt" IS DISTINCT FROM OLD."dueAt" THEN 'dueAt' END,
                        CASE WHEN NEW."completedAt" IS DISTINCT FROM OLD."completedAt" THEN 'completedAt' END,
                        CASE WHEN NEW."clientId" IS DISTINCT FROM OLD."clientId" THEN 'clientId' END], NULL);
                ELSE
                    changed := array_remove(ARRAY[
                        CASE WHEN NEW."taskId" IS DISTINCT FROM OLD."taskId" THEN 'taskId' END,
                        CASE WHEN NEW."startedAt" IS DISTINCT FROM OLD."startedAt" THEN 'startedAt' END,
                        CASE WHEN NEW."endedAt" IS DISTINCT FROM OLD."endedAt" THEN 'endedAt' END,
                        CASE WHEN NEW."durationSeconds" IS DISTINCT FROM OLD."durationSeconds" THEN 'durationSeconds' END,
                        CASE WHEN NEW."clientId" IS DISTINCT FROM OLD."clientId" THEN 'clientId' END], NULL);
                END IF;
                IF changed <> '{}' THEN
                    INSERT INTO sync.dirty ("userId", entity, "entityId", "deviceId", fields) VALUES (NEW."userId", TG_ARGV[0], NEW.id, device, changed);
                END IF;
                RETURN NULL;
            END IF;
            IF TG_OP <> 'INSERT' THEN
                INSERT INTO sync.dirty ("userId", entity, "entityId", "deviceId") VALUES (OLD."userId", TG_ARGV[0], OLD.id, device);
            END IF;
            IF TG_OP <> 'DELETE' THEN
                INSERT INTO sync.dirty ("userId", entity, "entityId", "deviceId") VALUES (NEW."userId", TG_ARGV[0], NEW.id, device);
            END IF;
            RETURN NULL;
        END $$;
        """;

    /// <summary>An emptied table leaves no row to make tombstones of: every device reads everything again.</summary>
    public const string NewEpoch = """
        CREATE FUNCTION sync.new_epoch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            UPDATE sync.meta SET epoch = replace(gen_random_uuid()::text, '-', '');
            RETURN NULL;
        END $$;
        """;

    /// <summary>
    /// Takes the person's head for the rest of the transaction and turns what is dirty into versions. Whether a row is gone is
    /// asked of its table, so the order in which marks of one row arrived does not matter.
    /// </summary>
    public const string Stamp = """
        CREATE FUNCTION sync.stamp(person text, OUT head bigint, OUT floor bigint) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            stamped bigint;
        BEGIN
            INSERT INTO sync.heads ("userId") VALUES (person) ON CONFLICT DO NOTHING;
            SELECT h.version, h."purgeFloor" INTO head, floor FROM sync.heads h WHERE h."userId" = person FOR UPDATE;
            WITH taken AS (
                DELETE FROM sync.dirty d WHERE d."userId" = person RETURNING d.seq, d.entity, d."entityId", d."deviceId", d.fields
            ), latest AS (
                SELECT DISTINCT ON (t.entity, t."entityId", f.name) t.entity, t."entityId", f.name, t."deviceId", t.seq
                FROM taken t, unnest(coalesce(t.fields, '{*}')) AS f(name)
                ORDER BY t.entity, t."entityId", f.name, t.seq DESC
            ), touched AS (
                SELECT entity, "entityId", max(seq) AS last, max(seq) FILTER (WHERE name = '*') AS whole,
                    array_agg(name) AS names, array_agg("deviceId") AS devices, array_agg(seq) AS seqs
                FROM latest GROUP BY entity, "entityId"
            ), numbered AS (
                SELECT r.*, head + row_number() OVER (ORDER BY r.last) AS version, o.id IS NULL AS deleted, o."clientId"
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
            INSERT INTO sync.changes AS c ("userId", entity, "entityId", version, deleted, "fieldVersions", "changedAt")
            SELECT person, n.entity, n."entityId", n.version, n.deleted, CASE
                WHEN n.names = '{*}' AND n.devices[1] IS NULL THEN jsonb_build_object('*', jsonb_build_object('v', n.version))
                WHEN n.names = '{*}' THEN jsonb_build_object('*', jsonb_build_object('v', n.version, 'd', n.devices[1]))
                ELSE (
                    SELECT jsonb_object_agg(w.name, CASE WHEN w.device IS NULL THEN jsonb_build_object('v', n.version) ELSE jsonb_build_object('v', n.version, 'd', w.device) END)
                    FROM unnest(n.names, n.devices, n.seqs) AS w(name, device, seq) WHERE n.whole IS NULL OR w.seq >= n.whole) END, now()
            FROM numbered n
            ON CONFLICT ("userId", entity, "entityId") DO UPDATE SET version = excluded.version, deleted = excluded.deleted, "changedAt" = excluded."changedAt",
                "fieldVersions" = CASE WHEN excluded."fieldVersions" ? '*' THEN excluded."fieldVersions" ELSE c."fieldVersions" || excluded."fieldVersions" END;
            GET DIAGNOSTICS stamped = ROW_COUNT;
            IF stamped > 0 THEN
                head := head + stamped;
                UPDATE sync.heads h SET version = head WHERE h."userId" = person;
            END IF;
        END $$;
        """;

    public const string Triggers = """
        CREATE TRIGGER sync_mark AFTER INSERT OR UPDATE OR DELETE ON public.tasks FOR EACH ROW EXECUTE FUNCTION sync.mark('task');
        CREATE TRIGGER sync_mark AFTER INSERT OR UPDATE OR DELETE ON public.focus_sessions FOR EACH ROW EXECUTE FUNCTION sync.mark('focusSession');
        CREATE TRIGGER sync_new_epoch AFTER TRUNCATE ON public.tasks FOR EACH STATEMENT EXECUTE FUNCTION sync.new_epoch();
        CREATE TRIGGER sync_new_epoch AFTER TRUNCATE ON public.focus_sessions FOR EACH STATEMENT EXECUTE FUNCTION sync.new_epoch();
        """;

    /// <summary>How far the filling of versions has come, so that it goes on where it was interrupted. The next migration drops it.</summary>
    public const string Progress = """
        CREATE TABLE sync.backfill (entity text PRIMARY KEY, "lastId" text NOT NULL DEFAULT '');
        INSERT INTO sync.backfill (entity) VALUES ('task'), ('focusSession');
        """;

    /// <summary>The versions stay, and are not given again when the migration is applied again: no device has to read everything.</summary>
    public const string ProgressAtTheEnd = """
        CREATE TABLE sync.backfill (entity text PRIMARY KEY, "lastId" text NOT NULL DEFAULT '');
        INSERT INTO sync.backfill (entity, "lastId") VALUES
            ('task', (SELECT coalesce(max(id), '') FROM public.tasks)), ('focusSession', (SELECT coalesce(max(id), '') FROM public.focus_sessions));
        """;

    public const string FirstEpoch = "INSERT INTO sync.meta (id, epoch) VALUES (1, replace(gen_random_uuid()::text, '-', ''));";

    public const string Drop = """
        DROP TRIGGER sync_new_epoch ON public.focus_sessions;
        DROP TRIGGER sync_new_epoch ON public.tasks;
        DROP TRIGGER sync_mark ON public.focus_sessions;
        DROP TRIGGER sync_mark ON public.tasks;
        DROP FUNCTION sync.stamp(text);
        DROP FUNCTION sync.new_epoch();
        DROP FUNCTION sync.mark();
        DROP TABLE sync.backfill;
        """;

    /// <summary>Batches of rows that are read, never locked, each in a transaction of its own. May be interrupted and repeated.</summary>
    public const string Backfill = """
        DO $$
        DECLARE
            person text;
        BEGIN
            IF to_regclass('sync.backfill') IS NULL THEN
                RETURN; -- was done before the interruption
            END IF;
            LOOP
                WITH batch AS (
                    SELECT id, "userId" FROM public.tasks
                    WHERE id > (SELECT "lastId" FROM sync.backfill WHERE entity = 'task') ORDER BY id LIMIT 5000
                ), marked AS (
                    INSERT INTO sync.dirty ("userId", entity, "entityId") SELECT "userId", 'task', id FROM batch ORDER BY id
                )
                UPDATE sync.backfill SET "lastId" = (SELECT max(id) FROM batch) WHERE entity = 'task' AND EXISTS (SELECT FROM batch);
                EXIT WHEN NOT FOUND;
                COMMIT;
            END LOOP;
            LOOP
                WITH batch AS (
                    SELECT id, "userId" FROM public.focus_sessions
                    WHERE id > (SELECT "lastId" FROM sync.backfill WHERE entity = 'focusSession') ORDER BY id LIMIT 5000
                ), marked AS (
                    INSERT INTO sync.dirty ("userId", entity, "entityId") SELECT "userId", 'focusSession', id FROM batch ORDER BY id
                )
                UPDATE sync.backfill SET "lastId" = (SELECT max(id) FROM batch) WHERE entity = 'focusSession' AND EXISTS (SELECT FROM batch);
                EXIT WHEN NOT FOUND;
                COMMIT;
            END LOOP;
            FOR person IN SELECT DISTINCT "userId" FROM sync.dirty ORDER BY 1 LOOP
                PERFORM sync.stamp(person);
                COMMIT;
            END LOOP;
        END $$;
        """;
}
