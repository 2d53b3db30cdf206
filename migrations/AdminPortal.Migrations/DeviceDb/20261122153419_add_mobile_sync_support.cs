using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <inheritdoc />
    public partial class AddMobileSyncSupport : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTime>(
                name: "lastSyncedAt",
                schema: "public",
                table: "users",
                type: "timestamp(3) without time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "clientId",
                schema: "public",
                table: "tasks",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "clientId",
                schema: "public",
                table: "focus_sessions",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "devices",
                schema: "public",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    userId = table.Column<string>(type: "text", nullable: false),
                    deviceId = table.Column<string>(type: "text", nullable: false),
                    platform = table.Column<string>(type: "text", nullable: false),
                    osVersion = table.Column<string>(type: "text", nullable: true),
                    appVersion = table.Column<string>(type: "text", nullable: false),
                    pushToken = table.Column<string>(type: "text", nullable: true),
                    lastSeenAt = table.Column<DateTime>(type: "timestamp(3) without time zone", nullable: false, defaultValueSql: "CURRENT_TIMESTAMP"),
                    createdAt = table.Column<DateTime>(type: "timestamp(3) without time zone", nullable: false, defaultValueSql: "CURRENT_TIMESTAMP"),
                    updatedAt = table.Column<DateTime>(type: "timestamp(3) without time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("devices_pkey", x => x.id);
                    table.ForeignKey(
                        name: "devices_userId_fkey",
                        column: x => x.userId,
                        principalSchema: "public",
                        principalTable: "users",
                        principalColumn: "id",
                        onUpdate: ReferentialAction.Cascade,
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "devices_deviceId_key",
                schema: "public",
                table: "devices",
                column: "deviceId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "devices_userId_idx",
                schema: "public",
                table: "devices",
                column: "userId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "devices",
                schema: "public");

            migrationBuilder.DropColumn(
                name: "lastSyncedAt",
                schema: "public",
                table: "users");

            migrationBuilder.DropColumn(
                name: "clientId",
                schema: "public",
                table: "tasks");

            migrationBuilder.DropColumn(
                name: "clientId",
                schema: "public",
                table: "focus_sessions");
        }
    }
}
