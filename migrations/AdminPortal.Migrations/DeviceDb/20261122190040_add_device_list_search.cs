using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <inheritdoc />
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261122190040_add_device_list_search")]
    public partial class AddDeviceListSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.CreateTrigram(migrationBuilder, "public", "device_pairings_search_idx", """
                CREATE INDEX CONCURRENTLY device_pairings_search_idx ON public.device_pairings
                    USING gin (("deviceId" || '|' || COALESCE("deviceName", '') || '|' || COALESCE("ipAddress", '')) gin_trgm_ops);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "device_pairings_search_idx");
        }
    }
}
