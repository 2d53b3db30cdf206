using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <summary>
    /// A database that something else than the portal set back is noticed by the next pull; deletions keep their client ids, an emptied
    /// table's leftovers are known, and a hundred thousand changes at once hold nobody up.
    /// </summary>
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261130090000_add_sync_lineage")]
    public partial class AddSyncLineage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(SyncLineageSql.Tables);
            migrationBuilder.Sql(SyncLineageSql.Mark);
            migrationBuilder.Sql(SyncLineageSql.NewEpoch);
            migrationBuilder.Sql(SyncLineageSql.AlwaysOn);
            migrationBuilder.Sql(SyncLineageSql.StampAll);
            migrationBuilder.Sql(SyncLineageSql.Stamp); // last: by what it adds one sees that all before it is done
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(SyncLineageSql.OriginOnly);
            migrationBuilder.Sql(SyncLineageSql.StampAllBefore);
            migrationBuilder.Sql(SyncLineageSql.DropStamp);
            migrationBuilder.Sql(SyncLineageSql.NewEpochBefore);
            migrationBuilder.Sql(SyncLineageSql.MarkBefore);
            migrationBuilder.Sql(SyncLineageSql.DropTables);
        }
    }
}
