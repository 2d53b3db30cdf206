using System;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <inheritdoc />
    public partial class AddDevicePairingModels : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            PublicEnums.Create(migrationBuilder, "DeviceType", "DESKTOP", "MOBILE_IOS", "MOBILE_ANDROID", "TABLET");
            PublicEnums.Create(
                migrationBuilder,
                "PermissionScope",
                "READ_PATIENT_DATA", "WRITE_NOTES", "VIEW_TRANSCRIPT", "CONTROL_RECORDING",
                "ACCESS_DIAGNOSIS", "VIEW_MEDICATIONS", "EDIT_SOAP_NOTES", "FULL_ACCESS");

            migrationBuilder.CreateTable(
                name: "device_pairings",
                schema: "public",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    userId = table.Column<string>(type: "text", nullable: false),
                    deviceId = table.Column<string>(type: "text", nullable: false),
                    deviceType = table.Column<DeviceType>(type: "public.\"DeviceType\"", nullable: false),
                    deviceName = table.Column<string>(type: "text", nullable: true),
                    sessionToken = table.Column<string>(type: "text", nullable: false),
                    expiresAt = table.Column<DateTime>(type: "timestamp(3) without time zone", nullable: false),
                    ipAddress = table.Column<string>(type: "text", nullable: true),
                    userAgent = table.Column<string>(type: "text", nullable: true),
                    isActive = table.Column<bool>(type: "boolean", nullable: false, defaultValue: true),
                    lastSeenAt = table.Column<DateTime>(type: "timestamp(3) without time zone", nullable: false, defaultValueSql: "CURRENT_TIMESTAMP"),
                    createdAt = table.Column<DateTime>(type: "timestamp(3) without time zone", nullable: false, defaultValueSql: "CURRENT_TIMESTAMP"),
                    updatedAt = table.Column<DateTime>(type: "timestamp(3) without time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("device_pairings_pkey", x => x.id);
                    table.ForeignKey(
                        name: "device_pairings_userId_fkey",
                        column: x => x.userId,
                        principalSchema: "public",
                        principalTable: "users",
                        principalColumn: "id",
                        onUpdate: ReferentialAction.Cascade,
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "device_permissions",
                schema: "public",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    devicePairingId = table.Column<string>(type: "text", nullable: false),
                    permission = table.Column<PermissionScope>(type: "public.\"PermissionScope\"", nullable: false),
                    grantedAt = table.Column<DateTime>(type: "timestamp(3) without time zone", nullable: false, defaultValueSql: "CURRENT_TIMESTAMP"),
                    expiresAt = table.Column<DateTime>(type: "timestamp(3) without time zone", nullable: true),
                    createdAt = table.Column<DateTime>(type: "timestamp(3) without time zone", nullable: false, defaultValueSql: "CURRENT_TIMESTAMP"),
                    updatedAt = table.Column<DateTime>(type: "timestamp(3) without time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("device_permissions_pkey", x => x.id);
                    table.ForeignKey(
                        name: "device_permissions_devicePairingId_fkey",
                        column: x => x.devicePairingId,
                        principalSchema: "public",
                        principalTable: "device_pairings",
                        principalColumn: "id",
                        onUpdate: ReferentialAction.Cascade,
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "device_pairings_deviceId_idx",
                schema: "public",
                table: "device_pairings",
                column: "deviceId");

            migrationBuilder.CreateIndex(
                name: "device_pairings_deviceId_key",
                schema: "public",
                table: "device_pairings",
                column: "deviceId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "device_pairings_expiresAt_idx",
                schema: "public",
                table: "device_pairings",
                column: "expiresAt");

            migrationBuilder.CreateIndex(
                name: "device_pairings_isActive_idx",
                schema: "public",
                table: "device_pairings",
                column: "isActive");

            migrationBuilder.CreateIndex(
                name: "device_pairings_sessionToken_key",
                schema: "public",
                table: "device_pairings",
                column: "sessionToken",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "device_pairings_userId_idx",
                schema: "public",
                table: "device_pairings",
                column: "userId");

            migrationBuilder.CreateIndex(
                name: "device_permissions_devicePairingId_idx",
                schema: "public",
                table: "device_permissions",
                column: "devicePairingId");

            migrationBuilder.CreateIndex(
                name: "device_permissions_devicePairingId_permission_key",
                schema: "public",
                table: "device_permissions",
                columns: new[] { "devicePairingId", "permission" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "device_permissions_permission_idx",
                schema: "public",
                table: "device_permissions",
                column: "permission");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "device_permissions",
                schema: "public");

            migrationBuilder.DropTable(
                name: "device_pairings",
                schema: "public");

            PublicEnums.Drop(migrationBuilder, "PermissionScope");
            PublicEnums.Drop(migrationBuilder, "DeviceType");
        }
    }
}
