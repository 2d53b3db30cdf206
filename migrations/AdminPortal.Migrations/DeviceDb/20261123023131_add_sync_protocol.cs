using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace AdminPortal.Migrations.DeviceDb
{
    /// <inheritdoc />
    public partial class AddSyncProtocol : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "sync");

            migrationBuilder.CreateTable(
                name: "changes",
                schema: "sync",
                columns: table => new
                {
                    userId = table.Column<string>(type: "text", nullable: false),
                    entity = table.Column<string>(type: "text", nullable: false),
                    entityId = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    deleted = table.Column<bool>(type: "boolean", nullable: false),
                    fieldVersions = table.Column<string>(type: "jsonb", nullable: false, defaultValueSql: "'{}'"),
                    changedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("changes_pkey", x => new { x.userId, x.entity, x.entityId });
                });

            migrationBuilder.CreateTable(
                name: "client_ids",
                schema: "sync",
                columns: table => new
                {
                    userId = table.Column<string>(type: "text", nullable: false),
                    entity = table.Column<string>(type: "text", nullable: false),
                    clientId = table.Column<string>(type: "text", nullable: false),
                    entityId = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("client_ids_pkey", x => new { x.userId, x.entity, x.clientId });
                });

            migrationBuilder.CreateTable(
                name: "conflicts",
                schema: "sync",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    userId = table.Column<string>(type: "text", nullable: false),
                    entity = table.Column<string>(type: "text", nullable: false),
                    entityId = table.Column<string>(type: "text", nullable: false),
                    opId = table.Column<string>(type: "text", nullable: false),
                    deviceId = table.Column<string>(type: "text", nullable: false),
                    losingDeviceId = table.Column<string>(type: "text", nullable: true),
                    fields = table.Column<string[]>(type: "text[]", nullable: false),
                    losing = table.Column<string>(type: "jsonb", nullable: false),
                    byDelete = table.Column<bool>(type: "boolean", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    closedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    closedBy = table.Column<string>(type: "text", nullable: true),
                    closed = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("conflicts_pkey", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "consents",
                schema: "sync",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    userId = table.Column<string>(type: "text", nullable: false),
                    codeHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    misses = table.Column<int>(type: "integer", nullable: false, defaultValue: 0),
                    createdAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    expiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    givenTo = table.Column<string>(type: "text", nullable: true),
                    givenToName = table.Column<string>(type: "text", nullable: true),
                    givenAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    endedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("consents_pkey", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "device_state",
                schema: "sync",
                columns: table => new
                {
                    deviceId = table.Column<string>(type: "text", nullable: false),
                    userId = table.Column<string>(type: "text", nullable: false),
                    lastAttemptAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    lastSuccessAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    lastPushAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    sentVersion = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    acknowledgedVersion = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    caughtUpAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    pending = table.Column<int>(type: "integer", nullable: true),
                    oldestPendingAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    attemptsWithoutDrop = table.Column<int>(type: "integer", nullable: false, defaultValue: 0),
                    consecutiveFailures = table.Column<int>(type: "integer", nullable: false, defaultValue: 0),
                    consecutiveRefusals = table.Column<int>(type: "integer", nullable: false, defaultValue: 0),
                    lastProblem = table.Column<string>(type: "text", nullable: true),
                    lastTraceId = table.Column<string>(type: "text", nullable: true),
                    clockSkewSeconds = table.Column<int>(type: "integer", nullable: true),
                    appVersion = table.Column<string>(type: "text", nullable: true),
                    schemaVersion = table.Column<int>(type: "integer", nullable: true),
                    pushTokenAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    fullReadAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    resyncRequestedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    report = table.Column<string>(type: "jsonb", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("device_state_pkey", x => x.deviceId);
                });

            migrationBuilder.CreateTable(
                name: "dirty",
                schema: "sync",
                columns: table => new
                {
                    seq = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    userId = table.Column<string>(type: "text", nullable: false),
                    entity = table.Column<string>(type: "text", nullable: false),
                    entityId = table.Column<string>(type: "text", nullable: false),
                    deviceId = table.Column<string>(type: "text", nullable: true),
                    fields = table.Column<string[]>(type: "text[]", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("dirty_pkey", x => x.seq);
                });

            migrationBuilder.CreateTable(
                name: "heads",
                schema: "sync",
                columns: table => new
                {
                    userId = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    purgeFloor = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L)
                },
                constraints: table =>
                {
                    table.PrimaryKey("heads_pkey", x => x.userId);
                });

            migrationBuilder.CreateTable(
                name: "meta",
                schema: "sync",
                columns: table => new
                {
                    id = table.Column<short>(type: "smallint", nullable: false),
                    epoch = table.Column<string>(type: "text", nullable: false),
                    minimumAppVersion = table.Column<string>(type: "text", nullable: true),
                    thresholds = table.Column<string>(type: "jsonb", nullable: false, defaultValueSql: "'{}'")
                },
                constraints: table =>
                {
                    table.PrimaryKey("meta_pkey", x => x.id);
                    table.CheckConstraint("meta_one_row", "id = 1");
                });

            migrationBuilder.CreateTable(
                name: "ops",
                schema: "sync",
                columns: table => new
                {
                    userId = table.Column<string>(type: "text", nullable: false),
                    opId = table.Column<string>(type: "text", nullable: false),
                    payloadHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    result = table.Column<string>(type: "jsonb", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("ops_pkey", x => new { x.userId, x.opId });
                });

            migrationBuilder.CreateTable(
                name: "rejections",
                schema: "sync",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    userId = table.Column<string>(type: "text", nullable: false),
                    deviceId = table.Column<string>(type: "text", nullable: false),
                    opId = table.Column<string>(type: "text", nullable: false),
                    entity = table.Column<string>(type: "text", nullable: false),
                    entityId = table.Column<string>(type: "text", nullable: true),
                    clientId = table.Column<string>(type: "text", nullable: true),
                    problem = table.Column<string>(type: "text", nullable: false),
                    detail = table.Column<string>(type: "text", nullable: false),
                    operation = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    closedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    closedBy = table.Column<string>(type: "text", nullable: true),
                    closed = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("rejections_pkey", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "requests",
                schema: "sync",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    userId = table.Column<string>(type: "text", nullable: false),
                    deviceId = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<short>(type: "smallint", nullable: false),
                    problem = table.Column<string>(type: "text", nullable: true),
                    traceId = table.Column<string>(type: "text", nullable: true),
                    milliseconds = table.Column<int>(type: "integer", nullable: false),
                    items = table.Column<int>(type: "integer", nullable: false),
                    applied = table.Column<int>(type: "integer", nullable: false),
                    conflicts = table.Column<int>(type: "integer", nullable: false),
                    rejected = table.Column<int>(type: "integer", nullable: false),
                    head = table.Column<long>(type: "bigint", nullable: true),
                    appVersion = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("requests_pkey", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "changes_changedAt_idx",
                schema: "sync",
                table: "changes",
                column: "changedAt",
                filter: "deleted");

            migrationBuilder.CreateIndex(
                name: "changes_userId_version_idx",
                schema: "sync",
                table: "changes",
                columns: new[] { "userId", "version" });

            migrationBuilder.CreateIndex(
                name: "conflicts_deviceId_at_idx",
                schema: "sync",
                table: "conflicts",
                columns: new[] { "deviceId", "at" });

            migrationBuilder.CreateIndex(
                name: "conflicts_userId_at_idx",
                schema: "sync",
                table: "conflicts",
                columns: new[] { "userId", "at" });

            migrationBuilder.CreateIndex(
                name: "consents_userId_createdAt_idx",
                schema: "sync",
                table: "consents",
                columns: new[] { "userId", "createdAt" });

            migrationBuilder.CreateIndex(
                name: "device_state_userId_idx",
                schema: "sync",
                table: "device_state",
                column: "userId");

            migrationBuilder.CreateIndex(
                name: "dirty_userId_idx",
                schema: "sync",
                table: "dirty",
                column: "userId");

            migrationBuilder.CreateIndex(
                name: "ops_at_idx",
                schema: "sync",
                table: "ops",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "rejections_deviceId_at_idx",
                schema: "sync",
                table: "rejections",
                columns: new[] { "deviceId", "at" });

            migrationBuilder.CreateIndex(
                name: "rejections_userId_entity_clientId_idx",
                schema: "sync",
                table: "rejections",
                columns: new[] { "userId", "entity", "clientId" },
                filter: "closed IS NULL");

            migrationBuilder.CreateIndex(
                name: "requests_at_idx",
                schema: "sync",
                table: "requests",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "requests_deviceId_id_idx",
                schema: "sync",
                table: "requests",
                columns: new[] { "deviceId", "id" });

            migrationBuilder.Sql(SyncProtocolSql.FirstEpoch);
            migrationBuilder.Sql(SyncProtocolSql.Mark);
            migrationBuilder.Sql(SyncProtocolSql.NewEpoch);
            migrationBuilder.Sql(SyncProtocolSql.Stamp);
            migrationBuilder.Sql(SyncProtocolSql.Progress);
            migrationBuilder.Sql(SyncProtocolSql.Triggers); // last: from here on writers of tasks wait until the commit
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(SyncProtocolSql.Drop);

            migrationBuilder.DropTable(
                name: "changes",
                schema: "sync");

            migrationBuilder.DropTable(
                name: "client_ids",
                schema: "sync");

            migrationBuilder.DropTable(
                name: "conflicts",
                schema: "sync");

            migrationBuilder.DropTable(
                name: "consents",
                schema: "sync");

            migrationBuilder.DropTable(
                name: "device_state",
                schema: "sync");

            migrationBuilder.DropTable(
                name: "dirty",
                schema: "sync");

            migrationBuilder.DropTable(
                name: "heads",
                schema: "sync");

            migrationBuilder.DropTable(
                name: "meta",
                schema: "sync");

            migrationBuilder.DropTable(
                name: "ops",
                schema: "sync");

            migrationBuilder.DropTable(
                name: "rejections",
                schema: "sync");

            migrationBuilder.DropTable(
                name: "requests",
                schema: "sync");


            migrationBuilder.DropSchema(
                name: "sync");
        }
    }
}
