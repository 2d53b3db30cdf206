using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.PortalDb
{
    /// <summary>For reading the record by time; see docs/decisions/0008. The model of the entities does not know it.</summary>
    [DbContext(typeof(PortalDbContext))]
    [Migration("20261122192605_add_activity_audit_by_time")]
    public partial class AddActivityAuditByTime : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Create(migrationBuilder, "portal", "audit_events_at_id_idx", """
                CREATE INDEX CONCURRENTLY "audit_events_at_id_idx" ON portal.audit_events (at, id);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "audit_events_at_id_idx", "portal");
        }
    }
}
