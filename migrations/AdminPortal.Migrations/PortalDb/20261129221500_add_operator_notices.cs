using System;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace AdminPortal.Migrations.PortalDb
{
    /// <summary>What who runs the portal is told, by mail and by webhook.</summary>
    [DbContext(typeof(PortalDbContext))]
    [Migration("20261129221500_add_operator_notices")]
    public partial class AddOperatorNotices : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "operator_choices",
                schema: "portal",
                columns: table => new
                {
                    accountId = table.Column<string>(type: "text", nullable: false),
                    topics = table.Column<string[]>(type: "text[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("operator_choices_pkey", x => x.accountId);
                    table.ForeignKey(
                        name: "operator_choices_accountId_fkey",
                        column: x => x.accountId,
                        principalSchema: "portal",
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "webhook_calls",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    kind = table.Column<string>(type: "text", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    tries = table.Column<int>(type: "integer", nullable: false),
                    nextTryAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    lastError = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table => table.PrimaryKey("webhook_calls_pkey", x => x.id));

            migrationBuilder.CreateIndex(
                name: "webhook_calls_nextTryAt_idx",
                schema: "portal",
                table: "webhook_calls",
                column: "nextTryAt",
                filter: "\"state\" = 'pending'");

            migrationBuilder.CreateIndex(
                name: "webhook_calls_source_key",
                schema: "portal",
                table: "webhook_calls",
                column: "source",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "webhook_calls", schema: "portal");
            migrationBuilder.DropTable(name: "operator_choices", schema: "portal");
        }
    }
}
