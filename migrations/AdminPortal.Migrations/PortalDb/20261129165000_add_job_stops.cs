using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.PortalDb
{
    /// <summary>Who asked a job that runs to stop.</summary>
    [DbContext(typeof(PortalDbContext))]
    [Migration("20261129165000_add_job_stops")]
    public partial class AddJobStops : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(name: "stopAskedBy", schema: "portal", table: "job_runs", type: "text", nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "stopAskedBy", schema: "portal", table: "job_runs");
        }
    }
}
