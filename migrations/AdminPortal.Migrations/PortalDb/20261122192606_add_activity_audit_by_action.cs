using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.PortalDb
{
    /// <summary>For reading the record by what was done; see docs/decisions/0008. The model of the entities does not know it.</summary>
    [DbContext(typeof(PortalDbContext))]
    [Migration("20261122192606_add_activity_audit_by_action")]
    public partial class AddActivityAuditByAction : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Create(migrationBuilder, "portal", "audit_events_action_at_id_idx", """
                CREATE INDEX CONCURRENTLY "audit_events_action_at_id_idx" ON portal.audit_events (action, at, id);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "audit_events_action_at_id_idx", "portal");
        }
    }
}
