using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <summary><c>users_words_idx</c> serves instead.</summary>
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261129170040_remove_user_list_search")]
    public partial class RemoveUserListSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "users_search_idx");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.CreateTrigram(migrationBuilder, "public", "users_search_idx", """
                CREATE INDEX CONCURRENTLY users_search_idx ON public.users
                    USING gin ((email || '|' || COALESCE(name, '')) gin_trgm_ops);
                """);
        }
    }
}
