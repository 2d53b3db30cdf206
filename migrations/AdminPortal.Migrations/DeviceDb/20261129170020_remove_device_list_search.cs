using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <summary><c>device_pairings_words_idx</c> serves instead.</summary>
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261129170020_remove_device_list_search")]
    public partial class RemoveDeviceListSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "device_pairings_search_idx");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.CreateTrigram(migrationBuilder, "public", "device_pairings_search_idx", """
                CREATE INDEX CONCURRENTLY device_pairings_search_idx ON public.device_pairings
                    USING gin (("deviceId" || '|' || COALESCE("deviceName", '') || '|' || COALESCE("ipAddress", '')) gin_trgm_ops);
                """);
        }
    }
}
