using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <summary>Receipts that wait for "live connections cut", in the order of time: rows leave at one end, so that what is left behind is clean again.</summary>
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261123121000_add_receipts_waiting")]
    public partial class AddReceiptsWaiting : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Create(migrationBuilder, "portal", "token_history_waiting_idx", """
                CREATE INDEX CONCURRENTLY "token_history_waiting_idx" ON portal.token_history ("endedAt")
                    WHERE "connectionsCutAt" IS NULL AND reason IN ('revoked', 'quarantined');
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "token_history_waiting_idx", "portal");
        }
    }
}
