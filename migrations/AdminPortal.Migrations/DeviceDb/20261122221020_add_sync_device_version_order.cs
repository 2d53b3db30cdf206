using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <inheritdoc />
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261122221020_add_sync_device_version_order")]
    public partial class AddSyncDeviceVersionOrder : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Create(migrationBuilder, "public", "devices_version_idx", """CREATE INDEX CONCURRENTLY devices_version_idx ON public.devices (regexp_replace(regexp_replace("appVersion", '([0-9]+)', '0000000\1', 'g'), '[0-9]*([0-9]{8})', '\1', 'g'), "deviceId");""");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "devices_version_idx");
        }
    }
}
