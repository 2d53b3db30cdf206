using System;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.PortalDb
{
    /// <summary>Directories that keep accounts by SCIM: their keys, and what they say of users.</summary>
    [DbContext(typeof(PortalDbContext))]
    [Migration("20261130121500_add_directories")]
    public partial class AddDirectories : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "directory_keys",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    keyHash = table.Column<string>(type: "text", nullable: false),
                    ending = table.Column<string>(type: "text", nullable: false),
                    createdAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    createdBy = table.Column<string>(type: "text", nullable: false),
                    lastUsedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    lastUsedAddress = table.Column<string>(type: "text", nullable: true),
                    revokedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    revokedBy = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table => table.PrimaryKey("directory_keys_pkey", x => x.id));

            migrationBuilder.CreateTable(
                name: "directory_users",
                schema: "portal",
                columns: table => new
                {
                    accountId = table.Column<string>(type: "text", nullable: false),
                    userName = table.Column<string>(type: "text", nullable: false),
                    userKey = table.Column<string>(type: "text", nullable: false),
                    externalId = table.Column<string>(type: "text", nullable: true),
                    displayName = table.Column<string>(type: "text", nullable: true),
                    givenName = table.Column<string>(type: "text", nullable: true),
                    familyName = table.Column<string>(type: "text", nullable: true),
                    changedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    removedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("directory_users_pkey", x => x.accountId);
                    table.ForeignKey(
                        name: "directory_users_accountId_fkey",
                        column: x => x.accountId,
                        principalSchema: "portal",
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(name: "directory_keys_keyHash_key", schema: "portal", table: "directory_keys", column: "keyHash", unique: true);
            migrationBuilder.CreateIndex(name: "directory_keys_name_key", schema: "portal", table: "directory_keys", column: "name", unique: true, filter: "\"revokedAt\" IS NULL");
            migrationBuilder.CreateIndex(name: "directory_users_externalId_idx", schema: "portal", table: "directory_users", column: "externalId");
            migrationBuilder.CreateIndex(name: "directory_users_userKey_key", schema: "portal", table: "directory_users", column: "userKey", unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "directory_users", schema: "portal");
            migrationBuilder.DropTable(name: "directory_keys", schema: "portal");
        }
    }
}
