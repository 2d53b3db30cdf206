using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.PortalDb
{
    /// <summary>A backup says with which key it is encrypted.</summary>
    [DbContext(typeof(PortalDbContext))]
    [Migration("20261130120500_add_backup_key")]
    public partial class AddBackupKey : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(name: "keyId", schema: "portal", table: "backups", type: "text", nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "keyId", schema: "portal", table: "backups");
        }
    }
}
