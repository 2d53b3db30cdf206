using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <inheritdoc />
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261122190130_add_sync_device_app_version")]
    public partial class AddSyncDeviceAppVersion : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Create(migrationBuilder, "public", "devices_appVersion_idx", """CREATE INDEX CONCURRENTLY "devices_appVersion_idx" ON public.devices ("appVersion" text_pattern_ops);""");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "devices_appVersion_idx");
        }
    }
}
