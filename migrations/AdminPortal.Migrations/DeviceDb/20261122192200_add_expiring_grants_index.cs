using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <summary>Finds grants by their end: the queue of what ends soon, and the hourly look at what has ended. Most grants have no end and are not in it.</summary>
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261122192200_add_expiring_grants_index")]
    public class AddExpiringGrantsIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            ConcurrentIndex.Create(migrationBuilder, "public", "device_permissions_expiresAt_idx", """
                CREATE INDEX CONCURRENTLY "device_permissions_expiresAt_idx" ON public.device_permissions ("expiresAt", id) WHERE "expiresAt" IS NOT NULL;
                """);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            ConcurrentIndex.Drop(migrationBuilder, "device_permissions_expiresAt_idx");
    }
}
