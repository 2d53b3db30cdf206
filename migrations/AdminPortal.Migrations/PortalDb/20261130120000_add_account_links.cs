using System;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace AdminPortal.Migrations.PortalDb
{
    /// <summary>Which person an account stood for, and when. What accounts are linked to already counts from their making.</summary>
    [DbContext(typeof(PortalDbContext))]
    [Migration("20261130120000_add_account_links")]
    public partial class AddAccountLinks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "account_links",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    accountId = table.Column<string>(type: "text", nullable: false),
                    userId = table.Column<string>(type: "text", nullable: false),
                    fingerprint = table.Column<string>(type: "text", nullable: true),
                    linkedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    endedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    loss = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("account_links_pkey", x => x.id);
                    table.ForeignKey(
                        name: "account_links_accountId_fkey",
                        column: x => x.accountId,
                        principalSchema: "portal",
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.Sql("""
                INSERT INTO portal.account_links ("accountId", "userId", "linkedAt") SELECT id, "appUserId", "createdAt" FROM portal.accounts WHERE "appUserId" IS NOT NULL
                """);
            migrationBuilder.CreateIndex(name: "account_links_accountId_idx", schema: "portal", table: "account_links", column: "accountId");
            migrationBuilder.CreateIndex(name: "account_links_open_key", schema: "portal", table: "account_links", column: "accountId", unique: true, filter: "\"endedAt\" IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable(name: "account_links", schema: "portal");
    }
}
