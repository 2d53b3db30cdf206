using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <summary>Deleting a task sets its sessions free: without this index each deletion reads the whole table of sessions.</summary>
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261123023210_add_sync_protocol_sessions_by_task")]
    public partial class AddSyncProtocolSessionsByTask : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Create(migrationBuilder, "public", "focus_sessions_taskId_idx", """CREATE INDEX CONCURRENTLY "focus_sessions_taskId_idx" ON public.focus_sessions ("taskId");""");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "focus_sessions_taskId_idx");
        }
    }
}
