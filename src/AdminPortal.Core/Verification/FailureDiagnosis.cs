using Npgsql;

namespace AdminPortal.Core.Verification;

/// <summary>The failures that the guides' troubleshooting names.</summary>
public enum FailureKind
{
    ColumnExists,
    RelationMissing,
    EnumExists,
    UniqueViolation,
    IndexesNotCreated,
    TableNotFound,
}

/// <summary>
/// One of the guides' troubleshooting entries, recognised by the server's error code and by what the catalogue shows, with what
/// to do here. Asks only; changes nothing.
/// </summary>
/// <param name="Title">As the guides call it.</param>
/// <param name="Explanation">What happened, in words, with the names that are concerned.</param>
/// <param name="Sql">What can be run to get out of it; null: the remedy is not a statement.</param>
public sealed record FailureDiagnosis(FailureKind Kind, string Title, string SqlState, string Explanation, string Remedy, string? Sql = null)
{
    /// <summary>Null: none of the guides' failures.</summary>
    /// <param name="failure">Whatever was thrown; the server's error may be inside it.</param>
    /// <param name="connection">An open one to the same database, outside a failed transaction.</param>
    public static async Task<FailureDiagnosis?> OfAsync(Exception failure, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        for (var at = failure; at is not null; at = at.InnerException)
        {
            if (at is PostgresException postgres)
            {
                return await FailureDiagnoses.OfAsync(postgres, connection, cancellationToken);
            }
        }

        return null;
    }
}
