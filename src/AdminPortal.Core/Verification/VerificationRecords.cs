using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Verification;
using Npgsql;

namespace AdminPortal.Core.Verification;

/// <summary>Results as they are made and stored.</summary>
internal static class VerificationRecords
{
    public const string ReachId = "reachable";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The first check: everything else needs the answer.</summary>
    public static CheckResult Reached(IReadOnlyList<Finding> findings, TimeSpan took) =>
        CheckResult.From(ReachId, "The database answers", CheckSeverity.Error, "A connection with the owner's role.", findings, took);

    /// <summary>Says no more than the error's class: messages of drivers can hold names of hosts and users.</summary>
    public static Finding Away(string target, Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => new Finding(CheckSeverity.Error, target, "a database", "The server answers, and has no database of this name.",
            $"Create it, or correct Portal:Targets:{target}:ConnectionString. It is never created by itself."),
        PostgresException { SqlState: PostgresErrorCodes.InvalidAuthorizationSpecification } => new Finding(CheckSeverity.Error, target, "a sign-in", TargetAvailability.Describe(exception),
            $"Change the server's pg_hba.conf, or correct Portal:Targets:{target}:OwnerConnectionString."),
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword } => new Finding(CheckSeverity.Error, target, "a sign-in",
            "The server refuses the owner's user name or password.", $"Correct Portal:Targets:{target}:OwnerConnectionString."),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => new Finding(CheckSeverity.Error, target, "the rights to look", "The owner's role lacks rights on this database.",
            "GRANT it what docs/operations.md lists."),
        PostgresException postgres => new Finding(CheckSeverity.Error, target, "an answer", $"The server answers with the error {postgres.SqlState}.", "Look at the server's log, then verify again."),
        TimeoutException => new Finding(CheckSeverity.Error, target, "an answer", "The server does not answer in time.", "See whether it is overloaded or a firewall swallows the connection, then verify again."),
        _ => new Finding(CheckSeverity.Error, target, "an answer", TargetAvailability.Describe(exception), "Start it, or correct the connection string, then verify again."),
    };

    public static VerificationResult Result(
        string target, VerificationScope scope, DateTimeOffset started, DateTimeOffset finished, CheckedTarget? looked, IReadOnlyList<CheckResult> checks)
    {
        var errors = checks.Count(c => c is { Passed: false, Severity: CheckSeverity.Error });
        return new VerificationResult(
            Ids.New(), target, looked?.Identity.Key, null, null, started, finished, errors == 0, errors, checks.Count(c => c is { Passed: false, Severity: CheckSeverity.Warning }),
            scope.WithData, looked?.History.Recorded is [.., var newest] ? newest : null, looked?.History.Pending ?? [], checks, looked?.Sizes);
    }

    public static VerificationRecord ToRecord(VerificationResult result) => new()
    {
        Id = result.Id,
        Target = result.Target,
        Identity = result.Identity,
        RunId = result.RunId,
        ActorName = result.ActorName,
        StartedAt = result.StartedAt,
        FinishedAt = result.FinishedAt,
        Passed = result.Passed,
        Errors = result.Errors,
        Warnings = result.Warnings,
        WithData = result.WithData,
        MigratedTo = result.MigratedTo,
        Checks = JsonSerializer.Serialize(new Stored(result.Checks, result.Pending, result.Sizes), Format),
    };

    public static VerificationResult ToResult(VerificationRecord record)
    {
        var stored = JsonSerializer.Deserialize<Stored>(record.Checks, Format);
        return new VerificationResult(
            record.Id, record.Target, record.Identity, record.RunId, record.ActorName, record.StartedAt, record.FinishedAt, record.Passed, record.Errors, record.Warnings,
            record.WithData, record.MigratedTo, stored?.Pending ?? [], stored?.Checks ?? [], stored?.Sizes);
    }

    private sealed record Stored(IReadOnlyList<CheckResult> Checks, IReadOnlyList<string>? Pending, SizeReport? Sizes);
}
