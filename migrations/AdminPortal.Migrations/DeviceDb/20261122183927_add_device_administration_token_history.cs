using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <inheritdoc />
    public partial class AddDeviceAdministrationTokenHistory : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Create(migrationBuilder, "portal", "token_history_pairingId_endedAt_idx", """
                CREATE INDEX CONCURRENTLY "token_history_pairingId_endedAt_idx" ON portal.token_history ("pairingId", "endedAt");
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "token_history_pairingId_endedAt_idx", "portal");
        }
    }
}
