using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <inheritdoc />
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261122190120_add_user_list_search")]
    public partial class AddUserListSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.CreateTrigram(migrationBuilder, "public", "users_search_idx", """
                CREATE INDEX CONCURRENTLY users_search_idx ON public.users
                    USING gin ((email || '|' || COALESCE(name, '')) gin_trgm_ops);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "users_search_idx");
        }
    }
}
