using System;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.PortalDb
{
    /// <summary>Passkeys of accounts.</summary>
    [DbContext(typeof(PortalDbContext))]
    [Migration("20261130182000_add_passkeys")]
    public partial class AddPasskeys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "account_passkeys",
                schema: "portal",
                columns: table => new
                {
                    credentialId = table.Column<byte[]>(type: "bytea", nullable: false),
                    userId = table.Column<string>(type: "text", nullable: false),
                    lastUsedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    data = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("account_passkeys_pkey", x => x.credentialId);
                    table.ForeignKey(
                        name: "account_passkeys_userId_fkey",
                        column: x => x.userId,
                        principalSchema: "portal",
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });
            migrationBuilder.CreateIndex(name: "account_passkeys_userId_idx", schema: "portal", table: "account_passkeys", column: "userId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable(name: "account_passkeys", schema: "portal");
    }
}
