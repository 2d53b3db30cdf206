using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <inheritdoc />
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261122190110_add_user_list_synced")]
    public partial class AddUserListSynced : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Create(migrationBuilder, "public", "users_synced_idx", """CREATE INDEX CONCURRENTLY users_synced_idx ON public.users (COALESCE("lastSyncedAt", TIMESTAMP '1970-01-01'), id);""");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "users_synced_idx");
        }
    }
}
