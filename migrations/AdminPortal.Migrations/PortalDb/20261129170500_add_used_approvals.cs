using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.PortalDb
{
    /// <summary>An approval counts for one run.</summary>
    [DbContext(typeof(PortalDbContext))]
    [Migration("20261129170500_add_used_approvals")]
    public partial class AddUsedApprovals : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.AddColumn<string>(name: "usedByRunId", schema: "portal", table: "migration_approvals", type: "text", nullable: true);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.DropColumn(name: "usedByRunId", schema: "portal", table: "migration_approvals");
    }
}
