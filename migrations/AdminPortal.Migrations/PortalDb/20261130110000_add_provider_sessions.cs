using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.PortalDb
{
    /// <summary>From which sign-in at a provider a session came, so that the provider can end it.</summary>
    [DbContext(typeof(PortalDbContext))]
    [Migration("20261130110000_add_provider_sessions")]
    public partial class AddProviderSessions : Migration
    {
        private static readonly string[] Columns = ["provider", "providerSubject", "providerSessionId", "providerToken"];

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            foreach (var column in Columns)
            {
                migrationBuilder.AddColumn<string>(name: column, schema: "portal", table: "account_sessions", type: "text", nullable: true);
            }

            migrationBuilder.CreateIndex(
                name: "account_sessions_provider_providerSubject_idx", schema: "portal", table: "account_sessions", columns: Columns[..2]);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(name: "account_sessions_provider_providerSubject_idx", schema: "portal", table: "account_sessions");
            foreach (var column in Columns)
            {
                migrationBuilder.DropColumn(name: column, schema: "portal", table: "account_sessions");
            }
        }
    }
}
