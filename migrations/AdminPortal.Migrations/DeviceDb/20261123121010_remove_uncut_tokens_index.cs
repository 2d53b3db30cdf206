using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <summary>In the order of hashes, rows that left it made holes everywhere: after some bulk runs it was larger than what it finds, and not used.</summary>
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261123121010_remove_uncut_tokens_index")]
    public partial class RemoveUncutTokensIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "token_history_uncut_idx", "portal");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Create(migrationBuilder, "portal", "token_history_uncut_idx", """
                CREATE INDEX CONCURRENTLY "token_history_uncut_idx" ON portal.token_history (hash)
                    WHERE "connectionsCutAt" IS NULL AND reason IN ('revoked', 'quarantined');
                """);
        }
    }
}
