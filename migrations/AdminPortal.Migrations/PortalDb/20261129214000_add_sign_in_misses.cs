using System;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.PortalDb
{
    /// <summary>Wrong passwords are counted for all instances together.</summary>
    [DbContext(typeof(PortalDbContext))]
    [Migration("20261129214000_add_sign_in_misses")]
    public partial class AddSignInMisses : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "sign_in_misses",
                schema: "portal",
                columns: table => new
                {
                    account = table.Column<string>(type: "text", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    misses = table.Column<int>(type: "integer", nullable: false),
                    endsAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table => table.PrimaryKey("sign_in_misses_pkey", x => new { x.account, x.source }));

            migrationBuilder.CreateIndex(name: "sign_in_misses_endsAt_idx", schema: "portal", table: "sign_in_misses", column: "endsAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable(name: "sign_in_misses", schema: "portal");
    }
}
