using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <summary>For what a policy did in the last day, which can be taken back. The model of the entities does not know it.</summary>
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261129174010_add_policy_acts_by_time")]
    public partial class AddPolicyActsByTime : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Create(migrationBuilder, "portal", "policy_warnings_acted_idx", """
                CREATE INDEX CONCURRENTLY "policy_warnings_acted_idx" ON portal.policy_warnings ("actedAt") WHERE "actedAt" IS NOT NULL;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "policy_warnings_acted_idx", "portal");
        }
    }
}
