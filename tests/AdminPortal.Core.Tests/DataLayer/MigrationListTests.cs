using System.Globalization;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace AdminPortal.Core.Tests.DataLayer;

/// <summary>The migrations as people read and type them, against the model. Needs no server.</summary>
public sealed class MigrationListTests
{
    private const string TimestampFormat = "yyyyMMddHHmmss";

    [Theory]
    [InlineData(typeof(DeviceDbContext))]
    [InlineData(typeof(PortalDbContext))]
    public void HasPendingModelChanges_OfEitherContext_IsFalse(Type context) =>
        Assert.False(Contexts.Offline(Maker(context), db => db.Database.HasPendingModelChanges()));

    [Fact]
    public void GetMigrations_OfDeviceDbContext_AreTheseInThisOrder() => Assert.Equal(
        [
            "baseline",
            "add_device_pairing_models",
            "add_mobile_sync_support",
            "add_mobile_sync_support_tasks_client_id",
            "add_mobile_sync_support_focus_sessions_client_id",
            "add_mobile_sync_support_users_last_synced_at",
            "add_portal_tables",
            "add_device_administration",
            "add_device_administration_token_history",
            "add_device_list_extension",
            "add_device_list_last_seen",
            "add_device_list_paired",
            "add_device_list_ended",
            "add_device_list_name",
            "add_device_list_search",
            "add_user_list_person",
            "add_user_list_joined",
            "add_user_list_synced",
            "add_user_list_search",
            "add_sync_device_app_version",
            "add_sync_device_platform",
            "add_selection_item_before",
            "add_uncut_tokens_index",
            "add_expiring_grants_index",
            "add_activity_events_by_time",
            "add_activity_events_by_kind",
            "add_activity_events_by_actor",
            "add_activity_events_by_device",
            "add_device_list_type",
            "add_device_list_address",
            "add_sync_device_version_order",
            "add_sync_device_platform_order",
            "remove_sync_device_platform",
            "add_sync_protocol",
            "add_sync_protocol_backfill",
            "add_sync_protocol_sessions_by_task",
            "add_receipts_waiting",
            "remove_uncut_tokens_index",
            "add_activity_events_by_run",
            "mend_sync_clocks",
            "add_search_fold",
            "add_device_list_words",
            "remove_device_list_search",
            "add_user_list_words",
            "remove_user_list_search",
            "add_policy_promises",
            "add_policy_acts_by_time",
            "add_people_view",
            "add_sync_lineage",
        ],
        Contexts.MigrationIds(Contexts.Device).Select(Name));

    [Fact]
    public void GetMigrations_OfPortalDbContext_AreTheseInThisOrder() =>
        Assert.Equal(
            ["initial", "add_runs_jobs_and_notices", "add_scheduler_tables", "add_activity_audit_by_time", "add_activity_audit_by_action", "add_operations", "add_monitoring", "add_job_stops", "add_used_approvals", "add_account_sessions", "add_target_mappings", "add_mail_queue", "add_sign_in_misses", "add_operator_notices", "add_must_change_password", "add_sync_lineage", "add_backup_folder", "add_provider_sessions", "add_account_links", "add_backup_key", "add_audit_shipping", "add_directories", "add_session_confirmations", "add_admin_proposals", "add_passkeys"],
            Contexts.MigrationIds(Contexts.Portal).Select(Name));

    [Theory]
    [InlineData(typeof(DeviceDbContext))]
    [InlineData(typeof(PortalDbContext))]
    public void MigrationIds_OfEitherContext_StartWithATimeAndNameTheClassInSnakeCase(Type context)
    {
        var migrations = Contexts.Offline(Maker(context), db => db.GetService<IMigrationsAssembly>().Migrations);
        foreach (var (id, type) in migrations)
        {
            Assert.True(DateTime.TryParseExact(id[..14], TimestampFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _), id);
            Assert.Equal(string.Concat(Name(id).Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..])), type.Name);
        }
    }

    private static Func<NpgsqlDataSource, DbContext> Maker(Type context) =>
        context == typeof(DeviceDbContext) ? Contexts.Device : Contexts.Portal;

    private static string Name(string id) => id[15..];
}
