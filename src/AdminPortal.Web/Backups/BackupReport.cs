using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AdminPortal.Core.Backups;
using AdminPortal.Data.Backups;

namespace AdminPortal.Web.Backups;

/// <summary>The one object that the verbs about backups write to standard output with <c>--json</c>; docs/backups.md describes it.</summary>
/// <param name="Result"><c>done</c>, <c>failed</c>, <c>stopped</c> or <c>refused</c>.</param>
internal sealed record BackupReport(string? Target, string Result)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Of the operation, as pages show it under /runs.</summary>
    public string? RunId { get; init; }

    public IReadOnlyList<BackupReportStep> Steps { get; init; } = [];

    /// <summary>The one that was worked on, or the list.</summary>
    public IReadOnlyList<BackupReportFacts> Backups { get; init; } = [];

    /// <summary>Why it was refused or failed, in words.</summary>
    public IReadOnlyList<string> Messages { get; init; } = [];

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static BackupReportFacts Facts(BackupRow backup) => new(
        backup.Id, backup.Target, backup.State, backup.FileName, backup.SizeBytes, backup.Sha256, backup.StartedAt, backup.FinishedAt, backup.MigratedTo,
        backup.ListedAt, backup.RestoredAt, backup.IsKept, backup.Counts, backup.Error);
}

/// <summary>A step of an operation; times in UTC.</summary>
internal sealed record BackupReportStep(string Title, string State, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string? Detail);

/// <summary>A backup; times in UTC.</summary>
internal sealed record BackupReportFacts(
    string Id, string Target, BackupState State, string FileName, long SizeBytes, string? Sha256, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt,
    string? MigratedTo, DateTimeOffset? ListedAt, DateTimeOffset? ProvenAt, bool IsKept, IReadOnlyDictionary<string, long> Rows, string? Error);
