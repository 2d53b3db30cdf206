using System;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.PortalDb
{
    /// <summary>How far sync had come on each target, kept where a restore of the target cannot take it back.</summary>
    [DbContext(typeof(PortalDbContext))]
    [Migration("20261130090500_add_sync_lineage")]
    public partial class AddSyncLineage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(name: "highestHead", schema: "portal", table: "known_targets", type: "bigint", nullable: true);
            migrationBuilder.AddColumn<string>(name: "lastStampUserId", schema: "portal", table: "known_targets", type: "text", nullable: true);
            migrationBuilder.AddColumn<long>(name: "lastStampVersion", schema: "portal", table: "known_targets", type: "bigint", nullable: true);
            migrationBuilder.AddColumn<Guid>(name: "lastStampNonce", schema: "portal", table: "known_targets", type: "uuid", nullable: true);
            migrationBuilder.AddColumn<string>(name: "lastStampEpoch", schema: "portal", table: "known_targets", type: "text", nullable: true);
            migrationBuilder.AddColumn<DateTimeOffset>(name: "setBackAt", schema: "portal", table: "known_targets", type: "timestamp with time zone", nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "setBackAt", schema: "portal", table: "known_targets");
            migrationBuilder.DropColumn(name: "lastStampEpoch", schema: "portal", table: "known_targets");
            migrationBuilder.DropColumn(name: "lastStampNonce", schema: "portal", table: "known_targets");
            migrationBuilder.DropColumn(name: "lastStampVersion", schema: "portal", table: "known_targets");
            migrationBuilder.DropColumn(name: "lastStampUserId", schema: "portal", table: "known_targets");
            migrationBuilder.DropColumn(name: "highestHead", schema: "portal", table: "known_targets");
        }
    }
}
