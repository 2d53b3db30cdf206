using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <summary>
    /// Devices whose clocks stood at the ends of the calendar made every page of sync fail: their rows are mended, and no such row can
    /// come again. The model of the entities does not know it.
    /// </summary>
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261129164000_mend_sync_clocks")]
    public partial class MendSyncClocks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                UPDATE sync.device_state SET
                    "clockSkewSeconds" = CASE WHEN "clockSkewSeconds" IS NOT NULL THEN greatest(-2144448000, least(2144448000, "clockSkewSeconds")) END,
                    "oldestPendingAt" = CASE WHEN "oldestPendingAt" BETWEEN '1850-01-01 00:00:00+00' AND '2300-01-01 00:00:00+00' THEN "oldestPendingAt" END
                WHERE "clockSkewSeconds" NOT BETWEEN -2144448000 AND 2144448000
                    OR "oldestPendingAt" NOT BETWEEN '1850-01-01 00:00:00+00' AND '2300-01-01 00:00:00+00';
                """);
            migrationBuilder.Sql("""
                ALTER TABLE sync.device_state ADD CONSTRAINT device_state_clock_check CHECK (
                    "clockSkewSeconds" >= -2144448000 AND "clockSkewSeconds" <= 2144448000 AND isfinite("oldestPendingAt"));
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("ALTER TABLE sync.device_state DROP CONSTRAINT device_state_clock_check;");
        }
    }
}
