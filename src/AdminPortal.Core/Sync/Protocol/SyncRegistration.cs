using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>What a device says of itself when it registers, the whole of it: a push token that is not sent is forgotten.</summary>
public sealed record RegistrationRequest(string? Platform, string? OsVersion, string? AppVersion, int SchemaVersion, string? PushToken);

/// <summary>What came of a registration.</summary>
public abstract record RegistrationOutcome
{
    private RegistrationOutcome()
    {
    }

    /// <param name="MaySync">False: its app is too old to sync; it may report.</param>
    public sealed record Done(string DeviceId, bool MaySync, string? MinimumAppVersion) : RegistrationOutcome;

    public sealed record Invalid(string Message) : RegistrationOutcome;
}

/// <summary>Registers devices for sync and push, in the guide's table <c>devices</c>.</summary>
public sealed class SyncRegistration(DeviceDatabases databases)
{
    private const int TextLimit = 40;
    private const int TokenLimit = 4096;

    /// <summary>May be repeated. A deviceId that changed its person is bound to the new one, and starts from nothing.</summary>
    public async Task<RegistrationOutcome> RegisterAsync(SyncCaller caller, RegistrationRequest request, CancellationToken cancellationToken)
    {
        if (Wrong(request) is { } message)
        {
            return new RegistrationOutcome.Invalid(message);
        }

        await using var db = databases.CreateDbContext();
        return await SyncRetry.Pipeline.ExecuteAsync(async token => await OnceAsync(db, caller, request, token), cancellationToken);
    }

    private static async Task<RegistrationOutcome> OnceAsync(DeviceDbContext db, SyncCaller caller, RegistrationRequest request, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (request.PushToken is not null)
        {
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({request.PushToken}, 0))", cancellationToken); // or two that register it at once both keep it
        }

        var before = await db.Devices.FromSql($"""SELECT * FROM public.devices WHERE "deviceId" = {caller.DeviceId} FOR UPDATE""").AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO public.devices AS d (id, "userId", "deviceId", platform, "osVersion", "appVersion", "pushToken", "lastSeenAt", "updatedAt")
            VALUES ({Ids.New()}, {caller.UserId}, {caller.DeviceId}, {request.Platform}, {request.OsVersion}, {request.AppVersion}, {request.PushToken}, now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc')
            ON CONFLICT ("deviceId") DO UPDATE SET "userId" = excluded."userId", platform = excluded.platform, "osVersion" = excluded."osVersion", "appVersion" = excluded."appVersion",
                "pushToken" = excluded."pushToken", "lastSeenAt" = excluded."lastSeenAt", "updatedAt" = excluded."updatedAt"
            """, cancellationToken);
        if (request.PushToken is not null && before?.PushToken != request.PushToken)
        {
            await TakeFromOthersAsync(db, caller, request.PushToken, cancellationToken);
        }

        if (before is not null && before.UserId != caller.UserId)
        {
            await db.SyncDeviceStates.Where(s => s.DeviceId == caller.DeviceId).ExecuteDeleteAsync(cancellationToken);
            var actor = new Actor($"device:{caller.DeviceId}", null, null, null, null);
            foreach (var person in (string[])[before.UserId, caller.UserId])
            {
                db.AddEvent(DeviceEventKind.SyncRebound, person, actor, null, caller.DeviceId);
            }

            await db.SaveChangesAsync(cancellationToken);
        }

        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO sync.device_state AS s ("deviceId", "userId", "appVersion", "schemaVersion", "pushTokenAt")
            VALUES ({caller.DeviceId}, {caller.UserId}, {request.AppVersion}, {request.SchemaVersion}, CASE WHEN {request.PushToken}::text IS NOT NULL THEN now() END)
            ON CONFLICT ("deviceId") DO UPDATE SET "appVersion" = excluded."appVersion", "schemaVersion" = excluded."schemaVersion", "pushTokenAt" = excluded."pushTokenAt"
            """, cancellationToken);
        var minimum = await db.SyncMeta.Select(m => m.MinimumAppVersion).SingleAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new RegistrationOutcome.Done(
            caller.DeviceId, request.SchemaVersion == SyncSchema.Current && (minimum is null || AppVersions.Compare(request.AppVersion!, minimum) >= 0), minimum);
    }

    /// <summary>A push token leads to one installation: who held it before is another life of the same phone, or restored from its backup.</summary>
    private static async Task TakeFromOthersAsync(DeviceDbContext db, SyncCaller caller, string pushToken, CancellationToken cancellationToken)
    {
        var others = await db.Devices.AsNoTracking().Where(d => d.PushToken == pushToken && d.DeviceId != caller.DeviceId).ToListAsync(cancellationToken);
        if (others.Count == 0)
        {
            return;
        }

        var ids = others.ConvertAll(d => d.DeviceId);
        await db.Devices.Where(d => ids.Contains(d.DeviceId) && d.PushToken == pushToken).ExecuteUpdateAsync(set => set.SetProperty(d => d.PushToken, (string?)null), cancellationToken);
        await db.SyncDeviceStates.Where(s => ids.Contains(s.DeviceId)).ExecuteUpdateAsync(set => set.SetProperty(s => s.PushTokenAt, (DateTimeOffset?)null), cancellationToken);
        foreach (var other in others)
        {
            db.AddEvent(DeviceEventKind.PushTokenCleared, other.UserId, new Actor($"device:{caller.DeviceId}", null, null, null, null), null, other.DeviceId);
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private static string? Wrong(RegistrationRequest request) => request switch
    {
        _ when !IsText(request.Platform, TextLimit) => $"platform is missing, or longer than {TextLimit} characters.",
        { OsVersion: { } os } when !IsText(os, TextLimit) => $"osVersion has 1 to {TextLimit} characters, or is absent.",
        _ when !IsText(request.AppVersion, TextLimit) || !AppVersions.IsVersion(request.AppVersion!) => "appVersion must begin with numbers, such as 1.5.2.",
        { SchemaVersion: < 1 } => "schemaVersion must be 1 or more.",
        { PushToken: { } push } when !IsText(push, TokenLimit) => $"pushToken has 1 to {TokenLimit} characters, or is absent.",
        _ => null,
    };

    private static bool IsText(string? text, int limit) => !string.IsNullOrWhiteSpace(text) && text.Length <= limit && !text.Contains('\0', StringComparison.Ordinal);
}
