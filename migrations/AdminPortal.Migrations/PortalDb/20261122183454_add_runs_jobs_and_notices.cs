using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace AdminPortal.Migrations.PortalDb
{
    /// <inheritdoc />
    public partial class AddRunsJobsAndNotices : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "noticesByMail",
                schema: "portal",
                table: "accounts",
                type: "boolean",
                nullable: false,
                defaultValue: true);

            migrationBuilder.CreateTable(
                name: "job_runs",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    job = table.Column<string>(type: "text", nullable: false),
                    startedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    finishedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    outcome = table.Column<string>(type: "text", nullable: false),
                    startedBy = table.Column<string>(type: "text", nullable: false),
                    instance = table.Column<string>(type: "text", nullable: false),
                    message = table.Column<string>(type: "text", nullable: true),
                    figures = table.Column<string>(type: "jsonb", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("job_runs_pkey", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "notices",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    accountId = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    kind = table.Column<string>(type: "text", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    pairingId = table.Column<string>(type: "text", nullable: true),
                    deviceTitle = table.Column<string>(type: "text", nullable: true),
                    actorName = table.Column<string>(type: "text", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    detail = table.Column<string>(type: "text", nullable: true),
                    count = table.Column<int>(type: "integer", nullable: false),
                    readAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    mail = table.Column<string>(type: "text", nullable: false),
                    mailTries = table.Column<int>(type: "integer", nullable: false),
                    mailNextTryAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("notices_pkey", x => x.id);
                    table.ForeignKey(
                        name: "notices_accountId_fkey",
                        column: x => x.accountId,
                        principalSchema: "portal",
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "operation_runs",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    target = table.Column<string>(type: "text", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    parameters = table.Column<string>(type: "jsonb", nullable: false),
                    exclusiveKey = table.Column<string>(type: "text", nullable: true),
                    actorId = table.Column<string>(type: "text", nullable: false),
                    actorName = table.Column<string>(type: "text", nullable: true),
                    actorRole = table.Column<string>(type: "text", nullable: true),
                    actorUserId = table.Column<string>(type: "text", nullable: true),
                    actorAddress = table.Column<string>(type: "text", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    createdAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    startedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    finishedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    instance = table.Column<string>(type: "text", nullable: true),
                    heartbeatAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    stopRequestedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    stopRequestedBy = table.Column<string>(type: "text", nullable: true),
                    total = table.Column<long>(type: "bigint", nullable: true),
                    done = table.Column<long>(type: "bigint", nullable: false),
                    skipped = table.Column<long>(type: "bigint", nullable: false),
                    error = table.Column<string>(type: "text", nullable: true),
                    undoOf = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("operation_runs_pkey", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "job_runs_job_id_idx",
                schema: "portal",
                table: "job_runs",
                columns: new[] { "job", "id" });

            migrationBuilder.CreateIndex(
                name: "notices_accountId_id_idx",
                schema: "portal",
                table: "notices",
                columns: new[] { "accountId", "id" });

            migrationBuilder.CreateIndex(
                name: "notices_accountId_source_key",
                schema: "portal",
                table: "notices",
                columns: new[] { "accountId", "source" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "notices_mailNextTryAt_idx",
                schema: "portal",
                table: "notices",
                column: "mailNextTryAt",
                filter: "\"mail\" = 'pending'");

            migrationBuilder.CreateIndex(
                name: "notices_unread_idx",
                schema: "portal",
                table: "notices",
                column: "accountId",
                filter: "\"readAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "operation_runs_createdAt_idx",
                schema: "portal",
                table: "operation_runs",
                column: "createdAt");

            migrationBuilder.CreateIndex(
                name: "operation_runs_exclusiveKey_key",
                schema: "portal",
                table: "operation_runs",
                column: "exclusiveKey",
                unique: true,
                filter: "\"finishedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "operation_runs_undoOf_key",
                schema: "portal",
                table: "operation_runs",
                column: "undoOf",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "operation_runs_unfinished_idx",
                schema: "portal",
                table: "operation_runs",
                column: "heartbeatAt",
                filter: "\"finishedAt\" IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "job_runs",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "notices",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "operation_runs",
                schema: "portal");

            migrationBuilder.DropColumn(
                name: "noticesByMail",
                schema: "portal",
                table: "accounts");
        }
    }
}
