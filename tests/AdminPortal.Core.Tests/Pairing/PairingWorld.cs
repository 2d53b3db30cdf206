using System.Globalization;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Pairing;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Policies;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Tests.Pairing;

/// <summary>
/// The services of pairing as one portal process holds them, on real databases, with people to pair devices for. Every
/// test makes its own, so that limits start empty; people, devices and addresses are never used twice.
/// </summary>
internal sealed class PairingWorld : IAsyncDisposable
{
    private static int _count;
    private readonly NpgsqlDataSource _portal;
    private readonly PooledDbContextFactory<PortalDbContext> _accounts;

    public PairingWorld(string deviceConnection, string portalConnection, Action<PairingOptions>? configure = null)
    {
        var options = new PairingOptions();
        configure?.Invoke(options);
        var pairing = Options.Create(options);
        var portal = new PortalOptions
        {
            PublicUrl = "https://portal.example.org/",
            Targets = { ["main"] = new TargetOptions { ConnectionString = deviceConnection } },
        };
        Databases = new DeviceDatabases(Options.Create(portal));
        _portal = DatabaseOptions.CreateDataSource(portalConnection);
        _accounts = new PooledDbContextFactory<PortalDbContext>(
            ((DbContextOptionsBuilder<PortalDbContext>)new DbContextOptionsBuilder<PortalDbContext>().UsePortalDatabase(_portal)).Options);
        var standing = new AccountStanding(_accounts);
        var key = new FixedShortCodeKey();
        Limits = new PairingLimits(pairing);
        var links = new AccountLinks(_accounts, Databases, new KnownTargets(_accounts), NullLogger<AccountLinks>.Instance);
        Codes = new PairingCodes(Databases, links, key, Limits, pairing, Options.Create(portal), TimeProvider.System);
        Collection = new PairingCollection(Databases, Limits, Meter, pairing);
        Claims = new PairingClaims(Databases, key, Collection, Limits, pairing);
        Confirmation = new PairingConfirmation(Databases, standing, links, pairing);
        Calls = new DeadTokenCalls(Databases, TimeProvider.System, NullLogger<DeadTokenCalls>.Instance);
        Tokens = new DeviceTokens(Databases, Limits, Calls);
        Devices = new DeviceActs(Databases);
        Permissions = new PermissionActs(Databases, TimeProvider.System);
        Requests = new PermissionRequests(Databases, TimeProvider.System);
        Decisions = new PermissionDecisions(Databases, TimeProvider.System);
        Extensions = new PermissionExtensions(Databases);
        Queue = new PermissionQueue(Databases);
        Policies = new PolicyActs(Databases, new AuditLog(_accounts), TimeProvider.System);
        PolicyList = new PolicyList(Databases);
        var policies = Microsoft.Extensions.Options.Options.Create(new PolicyOptions { AskAbovePercent = 100 }); // tests of a yes ask for less
        Simulator = new PolicySimulator(Databases, policies);
        PolicyRun = new PolicyRun(Databases, policies);
    }

    public DeviceDatabases Databases { get; }

    public IDbContextFactory<PortalDbContext> Accounts => _accounts;

    public Core.Monitoring.PortalMeter Meter { get; } = new();

    public PairingLimits Limits { get; }

    public PairingCodes Codes { get; }

    public PairingClaims Claims { get; }

    public PairingCollection Collection { get; }

    public PairingConfirmation Confirmation { get; }

    public DeadTokenCalls Calls { get; }

    public DeviceTokens Tokens { get; }

    public DeviceActs Devices { get; }

    public PermissionActs Permissions { get; }

    public PermissionRequests Requests { get; }

    public PermissionDecisions Decisions { get; }

    public PermissionExtensions Extensions { get; }

    public PermissionQueue Queue { get; }

    public PolicyActs Policies { get; }

    public PolicyList PolicyList { get; }

    public PolicySimulator Simulator { get; }

    public PolicyRun PolicyRun { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>An address of this machine's test network that no other call comes from.</summary>
    public static string NewAddress()
    {
        var n = Interlocked.Increment(ref _count);
        return string.Create(CultureInfo.InvariantCulture, $"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}");
    }

    public static string NewDeviceId() => $"device-{Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture)}";

    /// <summary>An account with its person in the device database.</summary>
    public async Task<Actor> NewPersonAsync(AccountRole role = AccountRole.User)
    {
        var number = Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);
        var actor = new Actor($"account-{number}", $"Person {number}", role, $"user-{number}", NewAddress());
        await ExecuteAsync(
            """INSERT INTO public.users (id, email, name, "updatedAt") VALUES ($1, $2, $3, now() AT TIME ZONE 'utc')""",
            actor.UserId!, $"person{number}@example.org", actor.Name!);
        await using var db = await _accounts.CreateDbContextAsync(Token);
        db.Accounts.Add(new Account { Id = actor.Id, UserName = actor.Id, Email = $"person{number}@example.org", NormalizedEmail = $"PERSON{number}@EXAMPLE.ORG", Role = role, AppUserId = actor.UserId });
        await db.SaveChangesAsync(Token);
        return actor;
    }

    public async Task ChangeAccountAsync(Actor actor, Action<Account> change)
    {
        await using var db = await _accounts.CreateDbContextAsync(Token);
        change(await db.Accounts.SingleAsync(a => a.Id == actor.Id, Token));
        await db.SaveChangesAsync(Token);
    }

    public Task<PairingCode> NewCodeAsync(Actor actor, params PermissionScope[] scopes) =>
        NewCodeAsync(actor, new CodeRequest([.. (scopes is [] ? [PermissionScope.WriteNotes] : scopes).Select(s => new ScopeGrant(s))]));

    public async Task<PairingCode> NewCodeAsync(Actor actor, CodeRequest request) =>
        Assert.IsType<CreateCodeOutcome.Created>(await Codes.CreateAsync(actor, request, Token)).Code;

    /// <summary>What a phone sends that scanned the code: a new device with a new key at a new address.</summary>
    public static ClaimRequest Scan(PairingCode code) => new(
        code.SessionId, code.QrPayload.PairingCode, null, NewDeviceId(), DeviceType.MobileIos, "Test phone", "iOS", "26.1", "1.0",
        PairingSecrets.NewClaimKey(), NewAddress(), "test agent");

    /// <summary>What a person sends who typed the short code into a phone.</summary>
    public static ClaimRequest Type(PairingCode code) => Scan(code) with { SessionId = null, PairingCode = null, ShortCode = code.ShortCode };

    public Task<ClaimOutcome> ClaimAsync(ClaimRequest request) => Claims.ClaimAsync(request, Token);

    /// <summary>Claims, for tests of what comes after it.</summary>
    public async Task<ClaimOutcome.PendingConfirmation> ClaimedAsync(ClaimRequest request) =>
        Assert.IsType<ClaimOutcome.PendingConfirmation>(await ClaimAsync(request));

    public Task<ConfirmOutcome> ConfirmAsync(Actor actor, ClaimOutcome.PendingConfirmation claim) =>
        Confirmation.ConfirmAsync(actor, claim.SessionId, claim.MatchNumber, Token);

    /// <summary>A code that was claimed and confirmed and waits to be collected.</summary>
    public async Task<ClaimOutcome.PendingConfirmation> ConfirmedAsync(Actor actor, ClaimRequest request)
    {
        var claim = await ClaimedAsync(request);
        Assert.IsType<ConfirmOutcome.Done>(await ConfirmAsync(actor, claim));
        return claim;
    }

    public Task<CollectOutcome> CollectAsync(ClaimOutcome.PendingConfirmation claim) =>
        Collection.CollectAsync(claim.SessionId, claim.PollToken, NewAddress(), Token);

    public async Task<PairedDevice> CollectedAsync(ClaimOutcome.PendingConfirmation claim) =>
        Assert.IsType<CollectOutcome.Paired>(await CollectAsync(claim)).Device;

    /// <summary>The whole way: a paired device and the id of its row.</summary>
    public async Task<PairedPhone> PairAsync(Actor actor, string? deviceId = null, params PermissionScope[] scopes)
    {
        var request = Scan(await NewCodeAsync(actor, scopes));
        var claim = await ConfirmedAsync(actor, request with { DeviceId = deviceId ?? request.DeviceId });
        var device = await CollectedAsync(claim);
        var id = await ScalarAsync<string>("""SELECT id FROM public.device_pairings WHERE "deviceId" = $1""", device.DeviceId);
        return new PairedPhone(id!, device.DeviceId, device.SessionToken, claim);
    }

    public Task<DeviceTokenOutcome> AuthenticateAsync(string token) => Tokens.AuthenticateAsync(token, Token);

    /// <summary>Lets the session's time run out now.</summary>
    public Task ExpireAsync(string sessionId) =>
        ExecuteAsync("""UPDATE portal.pairing_sessions SET "expiresAt" = now() - interval '1 second' WHERE id = $1""", sessionId);

    /// <summary>Suspends a pairing as the guards will do.</summary>
    public async Task QuarantineAsync(string pairingId)
    {
        await ExecuteAsync("INSERT INTO portal.device_state (\"pairingId\", reason) VALUES ($1, 'test')", pairingId);
        await ExecuteAsync("UPDATE public.device_pairings SET \"isActive\" = false WHERE id = $1", pairingId);
    }

    /// <summary>The kinds of a person's history rows, oldest first.</summary>
    public async Task<IReadOnlyList<string>> EventsAsync(Actor actor)
    {
        await using var db = Databases.CreateDbContext();
        return await db.DeviceEvents.Where(e => e.UserId == actor.UserId).OrderBy(e => e.Id).Select(e => e.Kind).ToListAsync(Token);
    }

    public async Task<int> ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(Token);
    }

    public async Task<T?> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteScalarAsync(Token) is T value ? value : default;
    }

    /// <summary>Waits until this many of the portal's connections wait for a lock that the test holds.</summary>
    public async Task WaitForBlockedAsync(int connections = 1)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(20));
        while (await ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") < connections)
            await Task.Delay(10, timeout.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Limits.Dispose();
        Meter.Dispose();
        Calls.Dispose();
        await Databases.DisposeAsync();
        await _portal.DisposeAsync();
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = Databases.PrimaryDataSource.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}

/// <summary>A device after the whole way of pairing.</summary>
internal sealed record PairedPhone(string PairingId, string DeviceId, string SessionToken, ClaimOutcome.PendingConfirmation Claim);
