using System;
using AdminPortal.Data.Permissions;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <inheritdoc />
    public partial class AddDeviceAdministration : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "acknowledgedAt",
                schema: "portal",
                table: "token_history",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "callsSince",
                schema: "portal",
                table: "token_history",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "connectionsCut",
                schema: "portal",
                table: "token_history",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "connectionsCutAt",
                schema: "portal",
                table: "token_history",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "lastCallAddress",
                schema: "portal",
                table: "token_history",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "lastCallAt",
                schema: "portal",
                table: "token_history",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "requestedAt",
                schema: "portal",
                table: "token_history",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "acknowledgedAt",
                schema: "portal",
                table: "device_state",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "actorId",
                schema: "portal",
                table: "device_state",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "actorName",
                schema: "portal",
                table: "device_state",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "runId",
                schema: "portal",
                table: "device_events",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "device_alerts",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    userId = table.Column<string>(type: "text", nullable: false),
                    pairingId = table.Column<string>(type: "text", nullable: false),
                    deviceTitle = table.Column<string>(type: "text", nullable: false),
                    openedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    openedBy = table.Column<string>(type: "text", nullable: false),
                    note = table.Column<string>(type: "text", nullable: true),
                    closedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    closedBy = table.Column<string>(type: "text", nullable: true),
                    conclusion = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("device_alerts_pkey", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "device_policies",
                schema: "portal",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    settings = table.Column<string>(type: "jsonb", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    updatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    updatedBy = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("device_policies_pkey", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "device_selections",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    actorId = table.Column<string>(type: "text", nullable: false),
                    createdAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    description = table.Column<string>(type: "text", nullable: false),
                    runId = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("device_selections_pkey", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "notice_outbox",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    kind = table.Column<string>(type: "text", nullable: false),
                    userId = table.Column<string>(type: "text", nullable: false),
                    pairingId = table.Column<string>(type: "text", nullable: true),
                    deviceTitle = table.Column<string>(type: "text", nullable: true),
                    actorId = table.Column<string>(type: "text", nullable: false),
                    actorName = table.Column<string>(type: "text", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    detail = table.Column<string>(type: "text", nullable: true),
                    runId = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("notice_outbox_pkey", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "permission_requests",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    pairingId = table.Column<string>(type: "text", nullable: false),
                    userId = table.Column<string>(type: "text", nullable: false),
                    scope = table.Column<PermissionScope>(type: "public.\"PermissionScope\"", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false),
                    createdAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    decidedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    decidedBy = table.Column<string>(type: "text", nullable: true),
                    decisionReason = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("permission_requests_pkey", x => x.id);
                    table.ForeignKey(
                        name: "permission_requests_pairingId_fkey",
                        column: x => x.pairingId,
                        principalSchema: "public",
                        principalTable: "device_pairings",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "policy_exemptions",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    policy = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    subjectId = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    createdAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    createdBy = table.Column<string>(type: "text", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("policy_exemptions_pkey", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "policy_warnings",
                schema: "portal",
                columns: table => new
                {
                    policy = table.Column<string>(type: "text", nullable: false),
                    pairingId = table.Column<string>(type: "text", nullable: false),
                    warnedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("policy_warnings_pkey", x => new { x.policy, x.pairingId });
                    table.ForeignKey(
                        name: "policy_warnings_pairingId_fkey",
                        column: x => x.pairingId,
                        principalSchema: "public",
                        principalTable: "device_pairings",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "service_keys",
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
                constraints: table =>
                {
                    table.PrimaryKey("service_keys_pkey", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "device_selection_items",
                schema: "portal",
                columns: table => new
                {
                    selectionId = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    pairingId = table.Column<string>(type: "text", nullable: false),
                    outcome = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("device_selection_items_pkey", x => new { x.selectionId, x.position });
                    table.ForeignKey(
                        name: "device_selection_items_selectionId_fkey",
                        column: x => x.selectionId,
                        principalSchema: "portal",
                        principalTable: "device_selections",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "device_alerts_kind_pairingId_key",
                schema: "portal",
                table: "device_alerts",
                columns: new[] { "kind", "pairingId" },
                unique: true,
                filter: "\"closedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "device_alerts_openedAt_idx",
                schema: "portal",
                table: "device_alerts",
                column: "openedAt");

            migrationBuilder.CreateIndex(
                name: "device_selections_createdAt_idx",
                schema: "portal",
                table: "device_selections",
                column: "createdAt");

            migrationBuilder.CreateIndex(
                name: "device_selections_runId_key",
                schema: "portal",
                table: "device_selections",
                column: "runId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "permission_requests_createdAt_idx",
                schema: "portal",
                table: "permission_requests",
                column: "createdAt",
                filter: "\"state\" = 'open'");

            migrationBuilder.CreateIndex(
                name: "permission_requests_pairingId_scope_key",
                schema: "portal",
                table: "permission_requests",
                columns: new[] { "pairingId", "scope" },
                unique: true,
                filter: "\"state\" = 'open'");

            migrationBuilder.CreateIndex(
                name: "permission_requests_userId_createdAt_idx",
                schema: "portal",
                table: "permission_requests",
                columns: new[] { "userId", "createdAt" });

            migrationBuilder.CreateIndex(
                name: "policy_exemptions_policy_subject_subjectId_key",
                schema: "portal",
                table: "policy_exemptions",
                columns: new[] { "policy", "subject", "subjectId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "service_keys_keyHash_key",
                schema: "portal",
                table: "service_keys",
                column: "keyHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "service_keys_name_key",
                schema: "portal",
                table: "service_keys",
                column: "name",
                unique: true,
                filter: "\"revokedAt\" IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "device_alerts",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "device_policies",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "device_selection_items",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "notice_outbox",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "permission_requests",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "policy_exemptions",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "policy_warnings",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "service_keys",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "device_selections",
                schema: "portal");

            migrationBuilder.DropColumn(
                name: "acknowledgedAt",
                schema: "portal",
                table: "token_history");

            migrationBuilder.DropColumn(
                name: "callsSince",
                schema: "portal",
                table: "token_history");

            migrationBuilder.DropColumn(
                name: "connectionsCut",
                schema: "portal",
                table: "token_history");

            migrationBuilder.DropColumn(
                name: "connectionsCutAt",
                schema: "portal",
                table: "token_history");

            migrationBuilder.DropColumn(
                name: "lastCallAddress",
                schema: "portal",
                table: "token_history");

            migrationBuilder.DropColumn(
                name: "lastCallAt",
                schema: "portal",
                table: "token_history");

            migrationBuilder.DropColumn(
                name: "requestedAt",
                schema: "portal",
                table: "token_history");

            migrationBuilder.DropColumn(
                name: "acknowledgedAt",
                schema: "portal",
                table: "device_state");

            migrationBuilder.DropColumn(
                name: "actorId",
                schema: "portal",
                table: "device_state");

            migrationBuilder.DropColumn(
                name: "actorName",
                schema: "portal",
                table: "device_state");

            migrationBuilder.DropColumn(
                name: "runId",
                schema: "portal",
                table: "device_events");
        }
    }
}
