using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <summary>
    /// The contract: the portal reads people through this view and through nothing else. It runs with its owner's rights, so the
    /// portal's role needs none on the host's table.
    /// </summary>
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261129190000_add_people_view")]
    public partial class AddPeopleView : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                CREATE VIEW portal.users AS SELECT id, email, name, "createdAt", "updatedAt", "lastSyncedAt" FROM public.users;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP VIEW portal.users;");
        }
    }
}
