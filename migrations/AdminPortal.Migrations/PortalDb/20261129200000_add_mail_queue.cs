using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminPortal.Migrations.PortalDb
{
    /// <summary>One queue for all mail; what waits as a notice's mail moves there.</summary>
    [DbContext(typeof(PortalDbContext))]
    [Migration("20261129200000_add_mail_queue")]
    public partial class AddMailQueue : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(name: "resetLinks", schema: "portal", table: "accounts", type: "integer", nullable: false, defaultValue: 0);
            migrationBuilder.Sql("""ALTER TABLE portal.accounts ALTER COLUMN "resetLinks" DROP DEFAULT;""");
            migrationBuilder.Sql("""
                CREATE TABLE portal.mails (
                    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT mails_pkey PRIMARY KEY,
                    kind text NOT NULL,
                    "accountId" text CONSTRAINT "mails_accountId_fkey" REFERENCES portal.accounts (id) ON DELETE CASCADE,
                    recipient text,
                    "requestedFrom" text,
                    "noticeId" bigint CONSTRAINT "mails_noticeId_fkey" REFERENCES portal.notices (id) ON DELETE CASCADE,
                    "createdAt" timestamptz NOT NULL DEFAULT now(),
                    state text NOT NULL,
                    tries integer NOT NULL,
                    "nextTryAt" timestamptz,
                    "lastTriedAt" timestamptz,
                    "endedAt" timestamptz,
                    "lastError" text,
                    batch bigint,
                    "linkUsedAt" timestamptz
                );
                CREATE UNIQUE INDEX "mails_noticeId_key" ON portal.mails ("noticeId");
                CREATE INDEX "mails_nextTryAt_idx" ON portal.mails ("nextTryAt") WHERE state = 'waiting';
                CREATE INDEX "mails_accountId_kind_createdAt_idx" ON portal.mails ("accountId", kind, "createdAt");
                CREATE INDEX "mails_state_endedAt_idx" ON portal.mails (state, "endedAt");
                INSERT INTO portal.mails (kind, "accountId", "noticeId", "createdAt", state, tries, "nextTryAt", "endedAt")
                    SELECT 'notice', "accountId", id, at, CASE mail WHEN 'pending' THEN 'waiting' ELSE mail END, "mailTries", "mailNextTryAt", CASE WHEN mail <> 'pending' THEN at END
                    FROM portal.notices WHERE mail <> 'none' ORDER BY id;
                DROP INDEX portal."notices_mailNextTryAt_idx";
                ALTER TABLE portal.notices DROP COLUMN mail, DROP COLUMN "mailTries", DROP COLUMN "mailNextTryAt";
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                ALTER TABLE portal.notices ADD COLUMN mail text NOT NULL DEFAULT 'none', ADD COLUMN "mailTries" integer NOT NULL DEFAULT 0, ADD COLUMN "mailNextTryAt" timestamptz;
                ALTER TABLE portal.notices ALTER COLUMN mail DROP DEFAULT, ALTER COLUMN "mailTries" DROP DEFAULT;
                UPDATE portal.notices n SET mail = CASE m.state WHEN 'waiting' THEN 'pending' WHEN 'dropped' THEN 'none' ELSE m.state END, "mailTries" = m.tries, "mailNextTryAt" = m."nextTryAt"
                    FROM portal.mails m WHERE m."noticeId" = n.id;
                CREATE INDEX "notices_mailNextTryAt_idx" ON portal.notices ("mailNextTryAt") WHERE mail = 'pending';
                DROP TABLE portal.mails;
                """);
            migrationBuilder.DropColumn(name: "resetLinks", schema: "portal", table: "accounts");
        }
    }
}
