using System.Text.Json;
using AdminPortal.Data.Backups;

namespace AdminPortal.Core.Backups;

/// <summary>A backup as pages and other features see it; times in UTC, and <see cref="Backup"/> says what each means.</summary>
public sealed record BackupRow(
    string Id, string Target, string Identity, string RunId, string FileName, BackupState State, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt,
    long SizeBytes, string? Sha256, string ServerVersion, string? ToolVersion, string? MigratedTo, string? Rows, DateTimeOffset? ListedAt,
    DateTimeOffset? RestoredAt, bool IsKept, DateTimeOffset? RemovedAt, string? RemovedBy, string? Error,
    string? Folder = null, string? Machine = null, string? KeyId = null)
{
    /// <summary>Rows per table when it was taken, such as <c>public.tasks</c>; empty: not counted.</summary>
    public IReadOnlyDictionary<string, long> Counts => TableCounts.Parse(Rows);

    /// <summary>True for one whose file is there to be restored.</summary>
    public bool IsUsable => State == BackupState.Complete;

    internal static IQueryable<BackupRow> Of(IQueryable<Backup> backups) => backups.Select(b => new BackupRow(
        b.Id, b.Target, b.Identity, b.RunId, b.FileName, b.State, b.StartedAt, b.FinishedAt, b.SizeBytes, b.Sha256, b.ServerVersion, b.ToolVersion,
        b.MigratedTo, b.Rows, b.ListedAt, b.RestoredAt, b.IsKept, b.RemovedAt, b.RemovedBy, b.Error, b.Folder, b.Machine, b.KeyId));
}

/// <summary>Rows per table, as they are kept in <see cref="Backup.Rows"/>.</summary>
internal static class TableCounts
{
    public static string Write(IReadOnlyDictionary<string, long> counts) => JsonSerializer.Serialize(counts);

    public static IReadOnlyDictionary<string, long> Parse(string? json) =>
        json is null ? new Dictionary<string, long>() : JsonSerializer.Deserialize<Dictionary<string, long>>(json) ?? [];
}
