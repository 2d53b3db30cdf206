using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace AdminPortal.Migrations.PortalDb
{
    /// <inheritdoc />
    public partial class AddOperations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "backups",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    target = table.Column<string>(type: "text", nullable: false),
                    identity = table.Column<string>(type: "text", nullable: false),
                    runId = table.Column<string>(type: "text", nullable: false),
                    fileName = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    startedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    finishedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    sizeBytes = table.Column<long>(type: "bigint", nullable: false),
                    sha256 = table.Column<string>(type: "text", nullable: true),
                    serverVersion = table.Column<string>(type: "text", nullable: false),
                    toolVersion = table.Column<string>(type: "text", nullable: true),
                    migratedTo = table.Column<string>(type: "text", nullable: true),
                    rows = table.Column<string>(type: "jsonb", nullable: true),
                    listedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    restoredAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    isKept = table.Column<bool>(type: "boolean", nullable: false),
                    removedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    removedBy = table.Column<string>(type: "text", nullable: true),
                    error = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("backups_pkey", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "checklist_notes",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    target = table.Column<string>(type: "text", nullable: false),
                    release = table.Column<string>(type: "text", nullable: false),
                    line = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    actorId = table.Column<string>(type: "text", nullable: false),
                    actorName = table.Column<string>(type: "text", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("checklist_notes_pkey", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "known_targets",
                schema: "portal",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false),
                    identity = table.Column<string>(type: "text", nullable: false),
                    seenSince = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("known_targets_pkey", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "migration_approvals",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    target = table.Column<string>(type: "text", nullable: false),
                    approvalHash = table.Column<string>(type: "text", nullable: false),
                    actorId = table.Column<string>(type: "text", nullable: false),
                    actorName = table.Column<string>(type: "text", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("migration_approvals_pkey", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "migration_records",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    target = table.Column<string>(type: "text", nullable: false),
                    identity = table.Column<string>(type: "text", nullable: false),
                    migrationId = table.Column<string>(type: "text", nullable: false),
                    sqlHash = table.Column<string>(type: "text", nullable: false),
                    act = table.Column<string>(type: "text", nullable: false),
                    runId = table.Column<string>(type: "text", nullable: true),
                    actorName = table.Column<string>(type: "text", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    startedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    finishedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    succeeded = table.Column<bool>(type: "boolean", nullable: true),
                    error = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("migration_records_pkey", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "run_lines",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    runId = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("run_lines_pkey", x => x.id);
                    table.ForeignKey(
                        name: "run_lines_runId_fkey",
                        column: x => x.runId,
                        principalSchema: "portal",
                        principalTable: "operation_runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "run_steps",
                schema: "portal",
                columns: table => new
                {
                    runId = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    startedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    finishedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    detail = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("run_steps_pkey", x => new { x.runId, x.position });
                    table.ForeignKey(
                        name: "run_steps_runId_fkey",
                        column: x => x.runId,
                        principalSchema: "portal",
                        principalTable: "operation_runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "verifications",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    target = table.Column<string>(type: "text", nullable: false),
                    identity = table.Column<string>(type: "text", nullable: true),
                    runId = table.Column<string>(type: "text", nullable: true),
                    actorName = table.Column<string>(type: "text", nullable: true),
                    startedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    finishedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    passed = table.Column<bool>(type: "boolean", nullable: false),
                    errors = table.Column<int>(type: "integer", nullable: false),
                    warnings = table.Column<int>(type: "integer", nullable: false),
                    withData = table.Column<bool>(type: "boolean", nullable: false),
                    migratedTo = table.Column<string>(type: "text", nullable: true),
                    checks = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("verifications_pkey", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "backups_target_startedAt_idx",
                schema: "portal",
                table: "backups",
                columns: new[] { "target", "startedAt" });

            migrationBuilder.CreateIndex(
                name: "checklist_notes_target_release_idx",
                schema: "portal",
                table: "checklist_notes",
                columns: new[] { "target", "release" });

            migrationBuilder.CreateIndex(
                name: "migration_approvals_target_approvalHash_idx",
                schema: "portal",
                table: "migration_approvals",
                columns: new[] { "target", "approvalHash" });

            migrationBuilder.CreateIndex(
                name: "migration_records_target_id_idx",
                schema: "portal",
                table: "migration_records",
                columns: new[] { "target", "id" });

            migrationBuilder.CreateIndex(
                name: "run_lines_runId_id_idx",
                schema: "portal",
                table: "run_lines",
                columns: new[] { "runId", "id" });

            migrationBuilder.CreateIndex(
                name: "verifications_target_startedAt_idx",
                schema: "portal",
                table: "verifications",
                columns: new[] { "target", "startedAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "backups",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "checklist_notes",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "known_targets",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "migration_approvals",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "migration_records",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "run_lines",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "run_steps",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "verifications",
                schema: "portal");
        }
    }
}
