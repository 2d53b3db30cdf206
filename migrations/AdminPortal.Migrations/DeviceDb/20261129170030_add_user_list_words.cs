using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <summary>A user is found by any words of the name and the e-mail address.</summary>
    [DbContext(typeof(DeviceDbContext))]
    [Migration("20261129170030_add_user_list_words")]
    public partial class AddUserListWords : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.CreateTrigram(migrationBuilder, "public", "users_words_idx", """
                CREATE INDEX CONCURRENTLY users_words_idx ON public.users
                    USING gin (portal.search_fold(email || ' ' || COALESCE(name, '')) gin_trgm_ops);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            ConcurrentIndex.Drop(migrationBuilder, "users_words_idx");
        }
    }
}
