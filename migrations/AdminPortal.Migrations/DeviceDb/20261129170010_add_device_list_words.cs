using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <summary>A device is found by any words of its id, name and address.</summary>
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261129170010_add_device_list_words")]
    public partial class AddDeviceListWords : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.CreateTrigram(migrationBuilder, "public", "device_pairings_words_idx", """
                CREATE INDEX CONCURRENTLY device_pairings_words_idx ON public.device_pairings
                    USING gin (portal.search_fold("deviceId" || ' ' || COALESCE("deviceName", '') || ' ' || COALESCE("ipAddress", '')) gin_trgm_ops);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "device_pairings_words_idx");
        }
    }
}
