using System;
using AdminPortal.Data.Devices;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <inheritdoc />
    public partial class AddPortalTables : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "portal");

            migrationBuilder.CreateTable(
                name: "device_events",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    kind = table.Column<string>(type: "text", nullable: false),
                    userId = table.Column<string>(type: "text", nullable: false),
                    deviceId = table.Column<string>(type: "text", nullable: true),
                    pairingId = table.Column<string>(type: "text", nullable: true),
                    actorId = table.Column<string>(type: "text", nullable: false),
                    actorName = table.Column<string>(type: "text", nullable: true),
                    actorRole = table.Column<string>(type: "text", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    address = table.Column<string>(type: "text", nullable: true),
                    detail = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("device_events_pkey", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "device_state",
                schema: "portal",
                columns: table => new
                {
                    pairingId = table.Column<string>(type: "text", nullable: false),
                    quarantinedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    reason = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("device_state_pkey", x => x.pairingId);
                    table.ForeignKey(
                        name: "device_state_pairingId_fkey",
                        column: x => x.pairingId,
                        principalSchema: "public",
                        principalTable: "device_pairings",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "pairing_sessions",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    userId = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    endReason = table.Column<string>(type: "text", nullable: true),
                    secretHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    shortCodeHmac = table.Column<byte[]>(type: "bytea", nullable: false),
                    scopes = table.Column<string>(type: "jsonb", nullable: false),
                    expectedDeviceType = table.Column<DeviceType>(type: "public.\"DeviceType\"", nullable: true),
                    chosenDeviceName = table.Column<string>(type: "text", nullable: true),
                    pairingDays = table.Column<int>(type: "integer", nullable: false),
                    misses = table.Column<int>(type: "integer", nullable: false),
                    createdAddress = table.Column<string>(type: "text", nullable: true),
                    createdAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    expiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    claimKeyHash = table.Column<byte[]>(type: "bytea", nullable: true),
                    seed = table.Column<byte[]>(type: "bytea", nullable: true),
                    deviceId = table.Column<string>(type: "text", nullable: true),
                    deviceType = table.Column<DeviceType>(type: "public.\"DeviceType\"", nullable: true),
                    deviceName = table.Column<string>(type: "text", nullable: true),
                    platform = table.Column<string>(type: "text", nullable: true),
                    osVersion = table.Column<string>(type: "text", nullable: true),
                    appVersion = table.Column<string>(type: "text", nullable: true),
                    address = table.Column<string>(type: "text", nullable: true),
                    userAgent = table.Column<string>(type: "text", nullable: true),
                    claimedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    collectedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    pairingId = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pairing_sessions_pkey", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "token_history",
                schema: "portal",
                columns: table => new
                {
                    hash = table.Column<string>(type: "text", nullable: false),
                    pairingId = table.Column<string>(type: "text", nullable: false),
                    userId = table.Column<string>(type: "text", nullable: false),
                    endedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    reason = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("token_history_pkey", x => x.hash);
                });

            migrationBuilder.CreateIndex(
                name: "device_events_pairingId_id_idx",
                schema: "portal",
                table: "device_events",
                columns: new[] { "pairingId", "id" });

            migrationBuilder.CreateIndex(
                name: "device_events_userId_id_idx",
                schema: "portal",
                table: "device_events",
                columns: new[] { "userId", "id" });

            migrationBuilder.CreateIndex(
                name: "pairing_sessions_expiresAt_idx",
                schema: "portal",
                table: "pairing_sessions",
                column: "expiresAt");

            migrationBuilder.CreateIndex(
                name: "pairing_sessions_pairingId_idx",
                schema: "portal",
                table: "pairing_sessions",
                column: "pairingId",
                filter: "\"seed\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "pairing_sessions_shortCodeHmac_idx",
                schema: "portal",
                table: "pairing_sessions",
                column: "shortCodeHmac");

            migrationBuilder.CreateIndex(
                name: "pairing_sessions_userId_createdAt_idx",
                schema: "portal",
                table: "pairing_sessions",
                columns: new[] { "userId", "createdAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "device_events",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "device_state",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "pairing_sessions",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "token_history",
                schema: "portal");
        }
    }
}
