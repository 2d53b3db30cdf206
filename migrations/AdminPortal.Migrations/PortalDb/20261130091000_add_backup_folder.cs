using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.PortalDb
{
    /// <summary>A backup says in which folder of which machine it lies.</summary>
    [DbContext(typeof(PortalDbContext))]
    [Migration("20261130091000_add_backup_folder")]
    public partial class AddBackupFolder : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(name: "folder", schema: "portal", table: "backups", type: "text", nullable: true);
            migrationBuilder.AddColumn<string>(name: "machine", schema: "portal", table: "backups", type: "text", nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "folder", schema: "portal", table: "backups");
            migrationBuilder.DropColumn(name: "machine", schema: "portal", table: "backups");
        }
    }
}
