using AdminPortal.Data.Activity;
using AdminPortal.Data.Alerts;
using AdminPortal.Data.Bulk;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Notices;
using AdminPortal.Data.Pairing;
using AdminPortal.Data.Permissions;
using AdminPortal.Data.Policies;
using AdminPortal.Data.ServiceKeys;
using AdminPortal.Data.Sync;
using AdminPortal.Data.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AdminPortal.Data;

/// <summary>
/// A managed database. Schema <c>public</c> is shared with a Prisma client and <c>psql</c> and holds exactly what they
/// expect; the portal's own tables are in schema <c>portal</c>, where one transaction covers both. People are read through a view there.
/// </summary>
public sealed class DeviceDbContext(DbContextOptions<DeviceDbContext> options) : DbContext(options)
{
    public DbSet<AppUser> Users => Set<AppUser>();
    public DbSet<TaskItem> Tasks => Set<TaskItem>();
    public DbSet<FocusSession> FocusSessions => Set<FocusSession>();
    public DbSet<SyncDevice> Devices => Set<SyncDevice>();
    public DbSet<DevicePairing> DevicePairings => Set<DevicePairing>();
    public DbSet<DevicePermission> DevicePermissions => Set<DevicePermission>();
    public DbSet<PairingSession> PairingSessions => Set<PairingSession>();
    public DbSet<DeviceState> DeviceStates => Set<DeviceState>();
    public DbSet<EndedToken> EndedTokens => Set<EndedToken>();
    public DbSet<DeviceEvent> DeviceEvents => Set<DeviceEvent>();
    public DbSet<DeviceSelection> DeviceSelections => Set<DeviceSelection>();
    public DbSet<DeviceSelectionItem> DeviceSelectionItems => Set<DeviceSelectionItem>();
    public DbSet<PermissionRequest> PermissionRequests => Set<PermissionRequest>();
    public DbSet<DevicePolicy> DevicePolicies => Set<DevicePolicy>();
    public DbSet<PolicyExemption> PolicyExemptions => Set<PolicyExemption>();
    public DbSet<PolicyWarning> PolicyWarnings => Set<PolicyWarning>();
    public DbSet<AnsweredSpan> AnsweredSpans => Set<AnsweredSpan>();
    public DbSet<PendingNotice> PendingNotices => Set<PendingNotice>();
    public DbSet<DeviceAlert> DeviceAlerts => Set<DeviceAlert>();
    public DbSet<ServiceKey> ServiceKeys => Set<ServiceKey>();
    public DbSet<SyncHead> SyncHeads => Set<SyncHead>();
    public DbSet<SyncStamp> SyncStamps => Set<SyncStamp>();
    public DbSet<SyncMeta> SyncMeta => Set<SyncMeta>();
    public DbSet<SyncDirtyRow> SyncDirty => Set<SyncDirtyRow>();
    public DbSet<SyncChange> SyncChanges => Set<SyncChange>();
    public DbSet<SyncOperation> SyncOperations => Set<SyncOperation>();
    public DbSet<SyncClientId> SyncClientIds => Set<SyncClientId>();
    public DbSet<SyncRejection> SyncRejections => Set<SyncRejection>();
    public DbSet<SyncConflict> SyncConflicts => Set<SyncConflict>();
    public DbSet<SyncRequest> SyncRequests => Set<SyncRequest>();
    public DbSet<SyncDeviceState> SyncDeviceStates => Set<SyncDeviceState>();
    public DbSet<SyncConsent> SyncConsents => Set<SyncConsent>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // Prisma makes no indexes for foreign keys; the ones that exist are written down in the configurations.
        configurationBuilder.Conventions.Remove<ForeignKeyIndexConvention>();
        configurationBuilder.Properties<DateTime>().HaveColumnType("timestamp(3) without time zone").HaveConversion<UtcConverter>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(DeviceDbContext).Assembly, type => !PortalDbContext.IsPortalConfiguration(type));
        PrismaNaming.Apply(modelBuilder);

        // Arguments inside a translation get no type mapping from anyone else.
        modelBuilder.HasDbFunction(() => DatabaseClock.Now()).HasTranslation(_ => Now()).HasStoreType("timestamp with time zone");
        modelBuilder.HasDbFunction(() => DatabaseClock.UtcNow()).HasStoreType("timestamp without time zone").HasTranslation(_ =>
            new SqlFunctionExpression("timezone", [new SqlConstantExpression("utc", StringTypeMapping.Default), Now()], false, [false, false], typeof(DateTime), null));
        modelBuilder.HasDbFunction(() => DatabaseText.SearchFold("")).HasSchema("portal").HasName("search_fold");
        modelBuilder.HasDbFunction(() => DatabaseText.SearchNear("", "")).HasSchema("portal").HasName("search_near");
        modelBuilder.HasDbFunction(() => DatabaseText.VersionOrder("")).HasTranslation(text => Replaced(Replaced(text[0], "([0-9]+)", @"0000000\1"), "[0-9]*([0-9]{8})", @"\1"));
    }

    private static SqlFunctionExpression Replaced(SqlExpression text, string pattern, string by) => new(
        "regexp_replace", [text, Text(pattern), Text(by), Text("g")], true, [true, false, false, false], typeof(string), text.TypeMapping);

    private static SqlConstantExpression Text(string text) => new(text, StringTypeMapping.Default);

    private static SqlFunctionExpression Now() =>
        new("now", [], false, [], typeof(DateTimeOffset), new DateTimeOffsetTypeMapping("timestamp with time zone"));

    /// <summary>The columns are without a zone and hold UTC; Npgsql wants the kind to say the same as the column.</summary>
    private sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(
        value => DateTime.SpecifyKind(value, DateTimeKind.Unspecified),
        value => DateTime.SpecifyKind(value, DateTimeKind.Utc));
}
