using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <inheritdoc />
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261122190030_add_device_list_name")]
    public partial class AddDeviceListName : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Create(migrationBuilder, "public", "device_pairings_name_idx", """CREATE INDEX CONCURRENTLY device_pairings_name_idx ON public.device_pairings (COALESCE("deviceName", ''), id);""");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "device_pairings_name_idx");
        }
    }
}
