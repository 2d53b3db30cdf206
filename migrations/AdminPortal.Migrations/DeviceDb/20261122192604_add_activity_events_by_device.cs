using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <summary>For reading the record by device; see docs/decisions/0008. The model of the entities does not know it.</summary>
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261122192604_add_activity_events_by_device")]
    public partial class AddActivityEventsByDevice : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Create(migrationBuilder, "portal", "device_events_deviceId_at_id_idx", """
                CREATE INDEX CONCURRENTLY "device_events_deviceId_at_id_idx" ON portal.device_events ("deviceId", at, id);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "device_events_deviceId_at_id_idx", "portal");
        }
    }
}
