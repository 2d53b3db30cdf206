using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <summary>Gives rows that were there before the triggers a version, without a lock that a writer would notice.</summary>
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261123023200_add_sync_protocol_backfill")]
    public partial class AddSyncProtocolBackfill : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(SyncProtocolSql.Backfill, suppressTransaction: true);
            migrationBuilder.Sql("DROP TABLE IF EXISTS sync.backfill;", suppressTransaction: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(SyncProtocolSql.ProgressAtTheEnd);
        }
    }
}
