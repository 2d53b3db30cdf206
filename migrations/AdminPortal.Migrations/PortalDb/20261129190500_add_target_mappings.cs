using System;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.PortalDb
{
    /// <summary>Where hosts have their people.</summary>
    [DbContext(typeof(PortalDbContext))]
    [Migration("20261129190500_add_target_mappings")]
    public partial class AddTargetMappings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateTable(
            name: "target_mappings",
            schema: "portal",
            columns: table => new
            {
                target = table.Column<string>(type: "text", nullable: false),
                identity = table.Column<string>(type: "text", nullable: false),
                people = table.Column<string>(type: "jsonb", nullable: false),
                actorId = table.Column<string>(type: "text", nullable: false),
                actorName = table.Column<string>(type: "text", nullable: true),
                at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()")
            },
            constraints: table => table.PrimaryKey("target_mappings_pkey", x => x.target));

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable(name: "target_mappings", schema: "portal");
    }
}
