using Npgsql;

namespace AdminPortal.Core.Verification.Checks;

/// <summary>A check that counts rows which should not be there.</summary>
internal abstract class RowsCheck : VerificationCheck
{
    /// <summary>Longer than any budget, shorter than anyone's patience.</summary>
    private const int TimeoutSeconds = 120;

    public sealed override bool ReadsRows => true;

    /// <summary>One row: how many, and some of them in words (null when there is none).</summary>
    protected static async Task<(long Count, string? Samples)> CountAsync(CheckedTarget target, string query, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(query, target.Connection) { CommandTimeout = TimeoutSeconds };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetString(1));
    }

    protected static string Text(long count, string what, string? samples) => $"{count:N0} {what}{(samples is null ? "" : $", such as {samples}")}";
}
