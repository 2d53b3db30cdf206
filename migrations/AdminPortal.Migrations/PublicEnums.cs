using Microsoft.EntityFrameworkCore.Migrations;

namespace AdminPortal.Migrations;

/// <summary>
/// Enum types of schema <c>public</c>, written by hand because the provider sorts the labels. A type that is there
/// already (the guide's unquoted <c>DROP TYPE</c> leaves it behind) is reused when its labels are the same, in the same
/// order; anything else stops the migration with a message that says what differs.
/// </summary>
internal static class PublicEnums
{
    public static void Create(MigrationBuilder migration, string name, params string[] labels)
    {
        var list = string.Join(", ", labels.Select(label => $"'{label}'"));
        migration.Sql($"""
            DO $$
            DECLARE
                labels text[];
                wanted text[] := ARRAY[{list}];
            BEGIN
                SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) INTO labels
                FROM pg_type t
                JOIN pg_namespace n ON n.oid = t.typnamespace
                LEFT JOIN pg_enum e ON e.enumtypid = t.oid
                WHERE n.nspname = 'public' AND t.typname = '{name}'
                GROUP BY t.oid;
                IF NOT FOUND THEN
                    CREATE TYPE public."{name}" AS ENUM ({list});
                ELSIF labels IS DISTINCT FROM wanted THEN
                    RAISE EXCEPTION 'The type public."{name}" exists with the labels %, and this release needs %.', labels, wanted
                        USING ERRCODE = 'duplicate_object', HINT = 'Rename or drop the type, then run this migration again.';
                END IF;
            END $$;
            """);
    }

    public static void Drop(MigrationBuilder migration, string name) => migration.Sql($"""DROP TYPE IF EXISTS public."{name}";""");
}
