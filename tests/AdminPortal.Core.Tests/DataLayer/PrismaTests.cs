using AdminPortal.Data;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using AdminPortal.Data.Users;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.Tests.DataLayer;

/// <summary>
/// A Prisma client and the portal on the same rows. The SQL is what Prisma's client sends to PostgreSQL: every name
/// quoted and qualified, enums cast from and to text, times as <c>timestamp(3)</c> in UTC, written rows returned.
/// </summary>
public sealed class PrismaTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const string InsertPairing = """
        INSERT INTO "public"."device_pairings" ("id","userId","deviceId","deviceType","deviceName","sessionToken","expiresAt","ipAddress","userAgent","isActive","lastSeenAt","createdAt","updatedAt")
        VALUES ($1,$2,$3,CAST($4::text AS "public"."DeviceType"),$5,$6,$7,$8,$9,$10,$11,$12,$13)
        RETURNING "public"."device_pairings"."id", "public"."device_pairings"."deviceType"::text, "public"."device_pairings"."expiresAt"
        """;

    private const string InsertPermission = """
        INSERT INTO "public"."device_permissions" ("id","devicePairingId","permission","grantedAt","createdAt","updatedAt")
        VALUES ($1,$2,CAST($3::text AS "public"."PermissionScope"),$4,$5,$6)
        RETURNING "public"."device_permissions"."id"
        """;

    private const string SelectPairing = """
        SELECT "public"."device_pairings"."id", "public"."device_pairings"."userId", "public"."device_pairings"."deviceId",
            "public"."device_pairings"."deviceType"::text, "public"."device_pairings"."deviceName", "public"."device_pairings"."sessionToken",
            "public"."device_pairings"."expiresAt", "public"."device_pairings"."isActive", "public"."device_pairings"."lastSeenAt"
        FROM "public"."device_pairings"
        WHERE ("public"."device_pairings"."deviceType" = CAST($1::text AS "public"."DeviceType") AND "public"."device_pairings"."expiresAt" > $2)
        ORDER BY "public"."device_pairings"."id" ASC LIMIT $3 OFFSET $4
        """;

    private const string SelectPermissions = """
        SELECT "public"."device_permissions"."permission"::text FROM "public"."device_permissions"
        WHERE "public"."device_permissions"."permission" IN (CAST($1::text AS "public"."PermissionScope"), CAST($2::text AS "public"."PermissionScope"))
        ORDER BY "public"."device_permissions"."permission" ASC
        """;

    /// <summary>As Prisma sends times: milliseconds, without a zone, meaning UTC.</summary>
    private static readonly DateTime Moment = new(2026, 7, 1, 23, 59, 59, 987, DateTimeKind.Unspecified);
    private TestDatabase _database = null!;
    private NpgsqlDataSource _source = null!;
    private DeviceDbContext _db = null!;
    private NpgsqlConnection _prisma = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<DeviceType, string> DeviceTypes => new()
    {
        { DeviceType.Desktop, "DESKTOP" },
        { DeviceType.MobileIos, "MOBILE_IOS" },
        { DeviceType.MobileAndroid, "MOBILE_ANDROID" },
        { DeviceType.Tablet, "TABLET" },
    };

    public static TheoryData<PermissionScope, string> Scopes => new()
    {
        { PermissionScope.ReadPatientData, "READ_PATIENT_DATA" },
        { PermissionScope.WriteNotes, "WRITE_NOTES" },
        { PermissionScope.ViewTranscript, "VIEW_TRANSCRIPT" },
        { PermissionScope.ControlRecording, "CONTROL_RECORDING" },
        { PermissionScope.AccessDiagnosis, "ACCESS_DIAGNOSIS" },
        { PermissionScope.ViewMedications, "VIEW_MEDICATIONS" },
        { PermissionScope.EditSoapNotes, "EDIT_SOAP_NOTES" },
        { PermissionScope.FullAccess, "FULL_ACCESS" },
    };

    public async ValueTask InitializeAsync()
    {
        _database = await cluster.CreateDeviceDatabaseAsync(Token);
        _source = DatabaseOptions.CreateDataSource(_database.RuntimeConnectionString);
        _db = Contexts.Device(_source);
        _prisma = await Sql.OpenAsync(_database.RuntimeConnectionString);
        await _prisma.ExecuteAsync(
            """INSERT INTO "public"."users" ("id","email","name","createdAt","updatedAt") VALUES ($1,$2,$3,$4,$5) RETURNING "public"."users"."id" """,
            "u", "u@example.org", "Una", Moment, Moment);
    }

    public async ValueTask DisposeAsync()
    {
        await _prisma.DisposeAsync();
        await _db.DisposeAsync();
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(DeviceTypes))]
    public async Task Pairing_WrittenAsPrismaDoes_IsReadWithItsValuesInUtc(DeviceType type, string label)
    {
        await InsertPairingAsync("p", label);

        var pairing = await _db.DevicePairings.AsNoTracking().Include(p => p.User).SingleAsync(p => p.DeviceType == type, Token);

        Assert.Equal(("p", "u", "phone", "Una's phone", "sha256:00"), (pairing.Id, pairing.UserId, pairing.DeviceId, pairing.DeviceName, pairing.SessionToken));
        Assert.Equal(("192.0.2.1", "a browser", true), (pairing.IpAddress, pairing.UserAgent, pairing.IsActive));
        Assert.Equal(("Una", null), (pairing.User.Name, pairing.User.LastSyncedAt));
        Assert.All([pairing.ExpiresAt, pairing.LastSeenAt, pairing.CreatedAt, pairing.UpdatedAt, pairing.User.CreatedAt], AssertMomentInUtc);
    }

    [Theory]
    [MemberData(nameof(Scopes))]
    public async Task Permission_WrittenAsPrismaDoes_IsReadWithItsScope(PermissionScope scope, string label)
    {
        await InsertPairingAsync("p", "TABLET");
        Assert.Equal("g", await _prisma.ScalarAsync<string>(InsertPermission, "g", "p", label, Moment, Moment, Moment));

        var permission = await _db.DevicePermissions.AsNoTracking().SingleAsync(p => p.Permission == scope, Token);

        Assert.Equal(("g", "p"), (permission.Id, permission.DevicePairingId));
        Assert.Null(permission.ExpiresAt);
        AssertMomentInUtc(permission.GrantedAt);
    }

    [Theory]
    [MemberData(nameof(DeviceTypes))]
    public async Task Pairing_WrittenByThePortal_IsFoundAndReadAsPrismaDoes(DeviceType type, string label)
    {
        _db.DevicePairings.Add(NewPairing(type));
        await _db.SaveChangesAsync(Token);

        await using var command = new NpgsqlCommand(SelectPairing, _prisma);
        foreach (var value in new object[] { label, Moment.AddMinutes(-1), 10L, 0L })
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync(Token);

        Assert.True(await reader.ReadAsync(Token));
        var row = new object[reader.FieldCount];
        reader.GetValues(row);
        Assert.Equal(["p", "u", "phone", label, DBNull.Value, "sha256:00", Moment, true], row[..8]);
        Assert.InRange(Assert.IsType<DateTime>(row[8]), (await ServerTimeAsync()).AddMinutes(-1), await ServerTimeAsync()); // the column's default
        Assert.False(await reader.ReadAsync(Token));
    }

    [Fact]
    public async Task Permissions_WrittenByThePortal_AreFoundAsPrismaDoesInTheOrderOfTheLabels()
    {
        _db.DevicePairings.Add(NewPairing(DeviceType.Tablet));
        foreach (var scope in Enum.GetValues<PermissionScope>())
            _db.DevicePermissions.Add(new DevicePermission { Id = Ids.New(), DevicePairingId = "p", Permission = scope, UpdatedAt = Moment });
        await _db.SaveChangesAsync(Token);

        Assert.Equal(["WRITE_NOTES", "FULL_ACCESS"], await _prisma.ListAsync(SelectPermissions, "FULL_ACCESS", "WRITE_NOTES"));
    }

    [Fact]
    public async Task Pairing_ChangedAsPrismaDoes_IsSeenByThePortal()
    {
        await InsertPairingAsync("p", "TABLET");

        await _prisma.ExecuteAsync(
            """UPDATE "public"."device_pairings" SET "isActive" = $1, "deviceType" = CAST($2::text AS "public"."DeviceType") WHERE ("public"."device_pairings"."deviceId" = $3 AND 1=1) RETURNING "public"."device_pairings"."id" """,
            false, "DESKTOP", "phone");

        var pairing = await _db.DevicePairings.AsNoTracking().SingleAsync(Token);
        Assert.Equal((false, DeviceType.Desktop), (pairing.IsActive, pairing.DeviceType));
    }

    [Fact]
    public async Task Time_FinerThanAMillisecondOrLocalInKind_IsStoredAsMillisecondsUnshifted()
    {
        var pairing = NewPairing(DeviceType.Tablet);
        pairing.ExpiresAt = DateTime.SpecifyKind(Moment, DateTimeKind.Utc).AddTicks(4000);
        _db.DevicePairings.Add(pairing);
        await _db.SaveChangesAsync(Token);

        Assert.Equal(Moment, await _prisma.ScalarAsync<DateTime>("""SELECT "expiresAt" FROM "public"."device_pairings" """));
        AssertMomentInUtc(await _db.DevicePairings.AsNoTracking().Select(p => p.ExpiresAt).SingleAsync(Token));
    }

    [Fact]
    public async Task User_Deleted_TakesDevicesAndPermissionsAlongAndARenamedIdMovesThem()
    {
        await InsertPairingAsync("p", "TABLET");
        await _prisma.ExecuteAsync(InsertPermission, "g", "p", "WRITE_NOTES", Moment, Moment, Moment);

        await _prisma.ExecuteAsync("""UPDATE "public"."users" SET "id" = $1 WHERE "public"."users"."id" = $2""", "v", "u");
        Assert.Equal("v", (await _db.DevicePairings.AsNoTracking().SingleAsync(Token)).UserId);

        await _db.Set<AppUser>().Where(u => u.Id == "v").ExecuteDeleteAsync(Token);
        Assert.Equal(0, await _prisma.ScalarAsync<long>("""SELECT COUNT(*) FROM "public"."device_permissions" """));
    }

    private static void AssertMomentInUtc(DateTime time)
    {
        Assert.Equal(DateTimeKind.Utc, time.Kind);
        Assert.Equal(Moment, time);
    }

    private static DevicePairing NewPairing(DeviceType type) => new()
    {
        Id = "p",
        UserId = "u",
        DeviceId = "phone",
        DeviceType = type,
        SessionToken = "sha256:00",
        ExpiresAt = DateTime.SpecifyKind(Moment, DateTimeKind.Utc),
        UpdatedAt = DateTime.SpecifyKind(Moment, DateTimeKind.Utc),
    };

    private async Task InsertPairingAsync(string id, string deviceType) => Assert.Equal(id, await _prisma.ScalarAsync<string>(
        InsertPairing, id, "u", "phone", deviceType, "Una's phone", "sha256:00", Moment, "192.0.2.1", "a browser", true, Moment, Moment, Moment));

    private Task<DateTime> ServerTimeAsync() =>
        Sql.ScalarAsync<DateTime>(_database.OwnerConnectionString, "SELECT clock_timestamp() AT TIME ZONE 'utc'");
}
