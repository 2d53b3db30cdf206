using System;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <summary>What owners were told that a policy will do, an admin's yes to many devices at once, and when the portal answered.</summary>
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261129174000_add_policy_promises")]
    public partial class AddPolicyPromises : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(name: "act", schema: "portal", table: "policy_warnings", type: "text", nullable: true);
            migrationBuilder.AddColumn<DateTimeOffset>(name: "actsAt", schema: "portal", table: "policy_warnings", type: "timestamp with time zone", nullable: true);
            migrationBuilder.AddColumn<DateTimeOffset>(name: "actedAt", schema: "portal", table: "policy_warnings", type: "timestamp with time zone", nullable: true);
            migrationBuilder.AddColumn<int>(name: "heldDevices", schema: "portal", table: "device_policies", type: "integer", nullable: true);
            migrationBuilder.AddColumn<int>(name: "heldOf", schema: "portal", table: "device_policies", type: "integer", nullable: true);
            migrationBuilder.AddColumn<DateTimeOffset>(name: "heldAt", schema: "portal", table: "device_policies", type: "timestamp with time zone", nullable: true);
            migrationBuilder.AddColumn<int>(name: "allowedDevices", schema: "portal", table: "device_policies", type: "integer", nullable: true);
            migrationBuilder.AddColumn<string>(name: "allowedBy", schema: "portal", table: "device_policies", type: "text", nullable: true);
            migrationBuilder.CreateTable(
                name: "answered_spans",
                schema: "portal",
                columns: table => new
                {
                    since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("answered_spans_pkey", x => x.since);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "answered_spans", schema: "portal");
            migrationBuilder.DropColumn(name: "allowedBy", schema: "portal", table: "device_policies");
            migrationBuilder.DropColumn(name: "allowedDevices", schema: "portal", table: "device_policies");
            migrationBuilder.DropColumn(name: "heldAt", schema: "portal", table: "device_policies");
            migrationBuilder.DropColumn(name: "heldOf", schema: "portal", table: "device_policies");
            migrationBuilder.DropColumn(name: "heldDevices", schema: "portal", table: "device_policies");
            migrationBuilder.DropColumn(name: "actedAt", schema: "portal", table: "policy_warnings");
            migrationBuilder.DropColumn(name: "actsAt", schema: "portal", table: "policy_warnings");
            migrationBuilder.DropColumn(name: "act", schema: "portal", table: "policy_warnings");
        }
    }
}
