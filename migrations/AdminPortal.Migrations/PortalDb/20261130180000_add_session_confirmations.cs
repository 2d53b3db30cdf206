using System;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.PortalDb
{
    /// <summary>When somebody last showed again that it is them.</summary>
    [DbContext(typeof(PortalDbContext))]
    [Migration("20261130180000_add_session_confirmations")]
    public partial class AddSessionConfirmations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.AddColumn<DateTimeOffset>(
            name: "confirmedAt", schema: "portal", table: "account_sessions", type: "timestamp with time zone", nullable: true);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropColumn(name: "confirmedAt", schema: "portal", table: "account_sessions");
    }
}
