using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AdminPortal.Data.Backups;

namespace AdminPortal.Web.Hosting;

/// <summary>
/// The one object that every verb about a target writes to standard output with <c>--json</c>. Lists that a verb has nothing
/// to say about are empty, never missing; docs/operations.md describes it.
/// </summary>
/// <param name="Target">Null: the verb was about all of them.</param>
internal sealed record OperationReport(string? Target, string Result)
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Ids of migrations.</summary>
    public IReadOnlyList<string> Applied { get; init; } = [];

    public IReadOnlyList<string> Pending { get; init; } = [];

    public IReadOnlyList<string> Failed { get; init; } = [];

    public IReadOnlyList<ReportedStep> Steps { get; init; } = [];

    public IReadOnlyList<ReportedCheck> Checks { get; init; } = [];

    /// <summary>Those that were worked on, or the list.</summary>
    public IReadOnlyList<ReportedBackup> Backups { get; init; } = [];

    /// <summary>Why it was refused or failed, in words.</summary>
    public IReadOnlyList<string> Messages { get; init; } = [];

    /// <summary>What an approval is bound to.</summary>
    public string? ApprovalHash { get; init; }

    /// <summary>Of the operation, as pages show it under /runs.</summary>
    public string? RunId { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

/// <summary>A step of an operation; times in UTC.</summary>
internal sealed record ReportedStep(string Title, string State, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string? Detail);

/// <summary>A check, what was expected and what is.</summary>
internal sealed record ReportedCheck(string Id, string Title, string Severity, bool Passed, string? Expected, string? Actual, string? Remedy);

/// <summary>A backup; times in UTC.</summary>
internal sealed record ReportedBackup(
    string Id, string Target, BackupState State, string FileName, long SizeBytes, string? Sha256, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt,
    string? MigratedTo, DateTimeOffset? ListedAt, DateTimeOffset? ProvenAt, bool IsKept, IReadOnlyDictionary<string, long> Rows, string? Error, string? KeyId);
