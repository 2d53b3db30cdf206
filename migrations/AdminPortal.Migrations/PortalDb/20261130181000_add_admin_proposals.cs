using System;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.PortalDb
{
    /// <summary>Accounts that wait for a second admin.</summary>
    [DbContext(typeof(PortalDbContext))]
    [Migration("20261130181000_add_admin_proposals")]
    public partial class AddAdminProposals : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(name: "adminProposedBy", schema: "portal", table: "accounts", type: "text", nullable: true);
            migrationBuilder.AddColumn<DateTimeOffset>(name: "adminProposedAt", schema: "portal", table: "accounts", type: "timestamp with time zone", nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "adminProposedBy", schema: "portal", table: "accounts");
            migrationBuilder.DropColumn(name: "adminProposedAt", schema: "portal", table: "accounts");
        }
    }
}
