using Npgsql;

namespace AdminPortal.Core.Verification.Checks;

/// <summary>Sequences near their end: at the end every insert fails.</summary>
internal sealed class SequencesCheck : VerificationCheck
{
    private const string Query = """
        SELECT schemaname || '.' || sequencename, last_value, CASE WHEN increment_by > 0 THEN max_value ELSE min_value END
        FROM pg_sequences WHERE schemaname IN ('public', 'portal', 'sync') AND NOT cycle AND last_value IS NOT NULL
          AND abs(last_value::numeric) > 0.8 * abs((CASE WHEN increment_by > 0 THEN max_value ELSE min_value END)::numeric) ORDER BY 1
        """;

    public override string Id => "sequences";

    public override string Title => "No sequence is near its end";

    public override string Expected => "Every sequence below 80 % of its range.";

    public override async Task<IReadOnlyList<Finding>> LookAsync(CheckedTarget target, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, target.Connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var findings = new List<Finding>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var (used, end) = (reader.GetInt64(1), reader.GetInt64(2));
            var share = (double)used / end;
            findings.Add(new Finding(
                share > 0.95 ? CheckSeverity.Error : CheckSeverity.Warning, reader.GetString(0), $"below 80 % of {end:N0}", $"{used:N0}, {share:P1}",
                "Widen its column to bigint and the sequence with it (ALTER SEQUENCE … AS bigint) before it ends: from then on every insert fails."));
        }

        return findings;
    }
}
