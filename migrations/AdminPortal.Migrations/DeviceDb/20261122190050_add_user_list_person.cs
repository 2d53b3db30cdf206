using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <inheritdoc />
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261122190050_add_user_list_person")]
    public partial class AddUserListPerson : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Create(migrationBuilder, "public", "users_person_idx", """CREATE INDEX CONCURRENTLY users_person_idx ON public.users (COALESCE(name, email), id);""");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "users_person_idx");
        }
    }
}
