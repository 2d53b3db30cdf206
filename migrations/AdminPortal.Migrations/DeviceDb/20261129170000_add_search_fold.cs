using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <summary>How texts are compared in a search: without case, accents and forms of Unicode; signs of Chinese and Japanese are words of their own. All of it is built in, so no extension can be missing.</summary>
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261129170000_add_search_fold")]
    public partial class AddSearchFold : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // The indexes of the next migrations are over it: a release that wants another way to fold makes a new function and new indexes.
            migrationBuilder.Sql("""
                CREATE FUNCTION portal.search_fold(words text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
                DECLARE folded text := lower(words);
                BEGIN
                    IF octet_length(folded) <> char_length(folded) THEN
                        folded := lower(regexp_replace(normalize(folded, NFKD), '[\u0300-\u036F]', '', 'g'));
                        folded := replace(replace(replace(replace(folded, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');
                        folded := regexp_replace(translate(folded, 'ıøłđðħŧς', 'iolddhtσ'), '[\u00A0-\u00BF\u2000-\u206F\u3000-\u3004\u3008-\u3020]', ' ', 'g');
                        folded := regexp_replace(folded, '([\u3005-\u3007\u3040-\u30FF\u3400-\u9FFF\uF900-\uFAFF\U00020000-\U0003FFFF])', ' \1 ', 'g');
                    END IF;
                    folded := replace(replace(replace(replace(replace(folded, '.', ' '), '@', ' '), '-', ' '), '_', ' '), '|', ' ');
                    RETURN ' ' || replace(replace(replace(replace(replace(folded, '''', ' '), '(', ' '), '/', ' '), ':', ' '), ',', ' ');
                END $$;
                """);

            // Words that share most of their trigrams. The operator is where the host has the extension.
            migrationBuilder.Sql("""
                DO $do$ BEGIN
                    EXECUTE format('CREATE FUNCTION portal.search_near(words text, word text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS ''SELECT $1 OPERATOR(%I.%%>) $2''',
                        (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm'));
                END $do$;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DROP FUNCTION portal.search_near(text, text);
                DROP FUNCTION portal.search_fold(text);
                """);
        }
    }
}
