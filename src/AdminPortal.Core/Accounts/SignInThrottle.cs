using System.Security.Cryptography;
using System.Text;
using AdminPortal.Core.Pairing;
using AdminPortal.Core.Targets;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Accounts;

/// <summary>One count of misses, and how many of them are too many.</summary>
internal sealed record SignInBrake(string Account, string Source, int Most, TimeSpan Window);

/// <summary>What came of counting a try.</summary>
/// <param name="Wait">Set: there were too many before, and this try was not counted.</param>
/// <param name="Locks">Set: no other try is allowed for so long, unless this one is taken back.</param>
internal sealed record CountedTry(TimeSpan? Wait, TimeSpan? Locks);

/// <summary>
/// Counts wrong passwords in the portal's database, for all instances together. A stranger's misses slow that stranger, at most all
/// strangers, and never a browser in which the person signed in before; that one has a count of its own, so that a stolen cookie opens
/// nothing. An address without an account is counted as one with.
/// </summary>
public sealed class SignInThrottle(PortalDatabase database, IOptions<SignInOptions> options)
{
    private const string Typed = "typed-again";
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private TimeSpan Lock => TimeSpan.FromMinutes(options.Value.LockMinutes);

    /// <summary>Takes every lock of the account away, wherever it came from.</summary>
    internal async Task ForgetAsync(string normalizedEmail, CancellationToken cancellationToken)
    {
        await using var command = database.DataSource.CreateCommand("DELETE FROM portal.sign_in_misses WHERE account = $1");
        command.Parameters.Add(new() { Value = Key(normalizedEmail) });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Until when sign-in is refused somewhere, by normalized address; without those for which it is not.</summary>
    internal async Task<IReadOnlyDictionary<string, DateTimeOffset>> LocksAsync(IEnumerable<string> normalizedEmails, CancellationToken cancellationToken)
    {
        var emails = normalizedEmails.Distinct(StringComparer.Ordinal).ToDictionary(Key, StringComparer.Ordinal);
        await using var command = database.DataSource.CreateCommand("""
            SELECT account, max("endsAt") FROM portal.sign_in_misses
            WHERE account = ANY ($1) AND "endsAt" > now() AND misses >= CASE source WHEN '' THEN $2 ELSE $3 END GROUP BY account
            """);
        command.Parameters.Add(new() { Value = emails.Keys.ToArray() });
        command.Parameters.Add(new() { Value = options.Value.MissesPerAccountEverywhere });
        command.Parameters.Add(new() { Value = options.Value.MissesPerAccount });
        var locks = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            locks[emails[reader.GetString(0)]] = await reader.GetFieldValueAsync<DateTimeOffset>(1, cancellationToken);
        }

        return locks;
    }

    /// <summary>What slows a try to sign in.</summary>
    internal IReadOnlyList<SignInBrake> Of(string normalizedEmail, string? accountId, SignInSource source)
    {
        var (account, numbers) = (Key(normalizedEmail), options.Value);
        return source.IsKnownTo(accountId)
            ? [new SignInBrake(account, $"browser:{source.Browser}", numbers.MissesPerAccount, Lock)]
            :
            [
                new SignInBrake(account, $"network:{source.Network}", numbers.MissesPerAccount, Lock),
                new SignInBrake(account, "", numbers.MissesPerAccountEverywhere, Lock),
                new SignInBrake("", $"network:{source.Network}", numbers.MissesPerNetwork, Minute),
            ];
    }

    /// <summary>What slows somebody who is signed in and types the password again. Sign-in elsewhere is not slowed by it.</summary>
    internal IReadOnlyList<SignInBrake> OfTypedAgain(string normalizedEmail) =>
        [new SignInBrake(Key(normalizedEmail), Typed, options.Value.MissesPerAccount, Lock)];

    /// <summary>What slows somebody who knows the password and guesses the second factor, wherever from.</summary>
    internal IReadOnlyList<SignInBrake> OfSecondFactor(string normalizedEmail) =>
        [new SignInBrake(Key(normalizedEmail), "second-factor", options.Value.MissesPerAccount, Lock)];

    /// <summary>How long to wait; null: a try is allowed.</summary>
    internal async Task<TimeSpan?> WaitAsync(IReadOnlyList<SignInBrake> brakes, CancellationToken cancellationToken)
    {
        await using var command = WithBrakes(brakes, """
            SELECT max(extract(epoch FROM m."endsAt" - now()))::float8 FROM portal.sign_in_misses m
            JOIN unnest($1::text[], $2::text[], $3::int[], $4::float8[]) AS b (account, source, most, seconds) USING (account, source)
            WHERE m."endsAt" > now() AND m.misses >= b.most
            """);
        return await command.ExecuteScalarAsync(cancellationToken) is double seconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <summary>Counts a try before its password is looked at, so that a burst cannot slip past. One that was right is taken back.</summary>
    internal async Task<CountedTry> CountAsync(IReadOnlyList<SignInBrake> brakes, CancellationToken cancellationToken)
    {
        var counted = new List<SignInBrake>();
        TimeSpan? wait = null, locks = null;
        await using (var command = WithBrakes(brakes, """
            INSERT INTO portal.sign_in_misses AS m (account, source, misses, "endsAt")
            SELECT account, source, 1, now() + seconds * interval '1 second'
            FROM unnest($1::text[], $2::text[], $3::int[], $4::float8[]) AS b (account, source, most, seconds) ORDER BY account, source
            ON CONFLICT (account, source) DO UPDATE SET
                misses = CASE WHEN m."endsAt" <= now() THEN 1 ELSE least(m.misses + 1, 1000000) END,
                "endsAt" = CASE WHEN m."endsAt" <= now() THEN EXCLUDED."endsAt" ELSE m."endsAt" END
            RETURNING account, source, misses, extract(epoch FROM "endsAt" - now())::float8
            """))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var brake = brakes.Single(b => b.Account == reader.GetString(0) && b.Source == reader.GetString(1));
                var (misses, left) = (reader.GetInt32(2), TimeSpan.FromSeconds(reader.GetDouble(3)));
                if (misses > brake.Most)
                {
                    wait = wait > left ? wait : left;
                    continue;
                }

                counted.Add(brake);
                locks = misses == brake.Most && !(locks > left) ? left : locks;
            }
        }

        if (wait is not null)
        {
            await TakeBackAsync(counted, cancellationToken); // what was refused is no try
        }

        return new CountedTry(wait, locks);
    }

    internal async Task TakeBackAsync(IReadOnlyList<SignInBrake> brakes, CancellationToken cancellationToken)
    {
        if (brakes.Count > 0)
        {
            await using var command = WithBrakes(brakes, """
                WITH mine AS (SELECT m.account, m.source FROM portal.sign_in_misses m
                    JOIN unnest($1::text[], $2::text[], $3::int[], $4::float8[]) AS b (account, source, most, seconds) USING (account, source)
                    ORDER BY m.account, m.source FOR UPDATE OF m)
                UPDATE portal.sign_in_misses m SET misses = greatest(m.misses - 1, 0) FROM mine WHERE (m.account, m.source) = (mine.account, mine.source)
                """);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>After a right password: the count of this account from this source begins anew, and the others lose this try.</summary>
    internal async Task SucceededAsync(IReadOnlyList<SignInBrake> brakes, CancellationToken cancellationToken)
    {
        var own = brakes.Single(b => b.Account.Length > 0 && b.Source.Length > 0);
        await TakeBackAsync([.. brakes.Except([own])], cancellationToken);
        await using var command = database.DataSource.CreateCommand("DELETE FROM portal.sign_in_misses WHERE account = $1 AND source = $2");
        command.Parameters.Add(new() { Value = own.Account });
        command.Parameters.Add(new() { Value = own.Source });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlCommand WithBrakes(IReadOnlyList<SignInBrake> brakes, string sql)
    {
        var command = database.DataSource.CreateCommand(sql);
        command.Parameters.Add(new() { Value = brakes.Select(b => b.Account).ToArray() });
        command.Parameters.Add(new() { Value = brakes.Select(b => b.Source).ToArray() });
        command.Parameters.Add(new() { Value = brakes.Select(b => b.Most).ToArray() });
        command.Parameters.Add(new() { Value = brakes.Select(b => b.Window.TotalSeconds).ToArray() });
        return command;
    }

    /// <summary>Not the address itself: people type their password into the wrong field.</summary>
    private static string Key(string normalizedEmail) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(normalizedEmail)));
}

/// <summary>Where a try to sign in comes from.</summary>
/// <param name="Browser">The id of a browser in which somebody signed in before; null: none, or not known.</param>
/// <param name="Accounts">Who signed in there. It is known to these accounts only.</param>
public sealed record SignInSource(string? Address, string? Browser = null, IReadOnlyCollection<string>? Accounts = null)
{
    internal string Network => AddressNetwork.Of(Address);

    internal bool IsKnownTo(string? accountId) => Browser is not null && accountId is not null && Accounts?.Contains(accountId) == true;
}
