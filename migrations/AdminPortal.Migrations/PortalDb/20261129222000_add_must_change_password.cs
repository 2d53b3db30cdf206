using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.PortalDb
{
    /// <summary>A password that the portal made up is changed at the first sign-in.</summary>
    [DbContext(typeof(PortalDbContext))]
    [Migration("20261129222000_add_must_change_password")]
    public partial class AddMustChangePassword : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.AddColumn<bool>(name: "mustChangePassword", schema: "portal", table: "accounts", type: "boolean", nullable: false, defaultValue: false);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.DropColumn(name: "mustChangePassword", schema: "portal", table: "accounts");
    }
}
