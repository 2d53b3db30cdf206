using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <inheritdoc />
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261122190100_add_user_list_joined")]
    public partial class AddUserListJoined : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Create(migrationBuilder, "public", "users_createdAt_idx", """CREATE INDEX CONCURRENTLY "users_createdAt_idx" ON public.users ("createdAt");""");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "users_createdAt_idx");
        }
    }
}
