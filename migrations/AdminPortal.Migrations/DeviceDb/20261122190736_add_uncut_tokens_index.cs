using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <inheritdoc />
    public partial class AddUncutTokensIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Only receipts that still wait for "live connections cut": a handful of rows, whatever the size of the table.
            ConcurrentIndex.Create(migrationBuilder, "portal", "token_history_uncut_idx", """
                CREATE INDEX CONCURRENTLY "token_history_uncut_idx" ON portal.token_history (hash)
                    WHERE "connectionsCutAt" IS NULL AND reason IN ('revoked', 'quarantined');
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "token_history_uncut_idx", "portal");
        }
    }
}
