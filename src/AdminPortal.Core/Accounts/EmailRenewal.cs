using Npgsql;

namespace AdminPortal.Core.Accounts;

/// <summary>Brings addresses with an international domain, which an earlier release stored by another rule, to the form of <see cref="EmailNormalizer"/>.</summary>
internal static class EmailRenewal
{
    public static async Task RunAsync(NpgsqlDataSource portal, CancellationToken cancellationToken)
    {
        var normalizer = new EmailNormalizer();
        var old = new List<(string Id, string Email)>();
        await using (var command = portal.CreateCommand("""SELECT id, email FROM portal.accounts WHERE "normalizedEmail" ~ '@.*[^[:ascii:]]' AND email IS NOT NULL"""))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                old.Add((reader.GetString(0), reader.GetString(1)));
            }
        }

        foreach (var (id, email) in old)
        {
            // Where both spellings have an account, each keeps what it has.
            await using var command = portal.CreateCommand("""
                UPDATE portal.accounts SET "normalizedEmail" = $2, "normalizedUserName" = $2
                WHERE id = $1 AND NOT EXISTS (SELECT FROM portal.accounts WHERE "normalizedEmail" = $2)
                """);
            command.Parameters.Add(new() { Value = id });
            command.Parameters.Add(new() { Value = normalizer.NormalizeEmail(email)! });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
