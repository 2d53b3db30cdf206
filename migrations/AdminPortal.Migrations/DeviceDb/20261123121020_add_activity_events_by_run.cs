using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <summary>For telling a person how many of their devices a run has changed so far; see docs/decisions/0008. The model of the entities does not know it.</summary>
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261123121020_add_activity_events_by_run")]
    public partial class AddActivityEventsByRun : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Create(migrationBuilder, "portal", "device_events_run_idx", """
                CREATE INDEX CONCURRENTLY "device_events_run_idx" ON portal.device_events ("runId", "userId", "pairingId")
                    WHERE "runId" IS NOT NULL;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "device_events_run_idx", "portal");
        }
    }
}
