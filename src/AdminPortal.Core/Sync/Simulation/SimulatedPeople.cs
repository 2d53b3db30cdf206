using System.Globalization;
using AdminPortal.Core.Pairing;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Npgsql;

namespace AdminPortal.Core.Sync.Simulation;

/// <summary>A paired device that a simulation may use.</summary>
public sealed record SimulatedPairing(string UserId, string DeviceId, string Token);

/// <summary>
/// Makes people with paired devices straight in the primary target, because pairing a thousand by hand is not what a simulation is
/// about. They count as sample data: <c>portal sample clear</c> removes them.
/// </summary>
public sealed class SimulatedPeople(TargetAccess access)
{
    /// <summary>As 1,000 devices of 200 people.</summary>
    public const int DevicesEach = 5;

    private const string Users = """
        INSERT INTO portal.users (id, email, name, "createdAt", "updatedAt")
        SELECT u.id, u.id || '@sample.example', 'Simulated ' || u.id, now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc' FROM unnest($1::text[]) AS u(id)
        """;

    private const string Pairings = """
        INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "deviceName", "sessionToken", "expiresAt", "updatedAt")
        SELECT p.id, p."userId", p."deviceId", 'MOBILE_IOS', 'Simulated phone', p.token, now() AT TIME ZONE 'utc' + interval '7 days', now() AT TIME ZONE 'utc'
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS p(id, "userId", "deviceId", token)
        """;

    public async Task<IReadOnlyList<SimulatedPairing>> CreateAsync(int devices, CancellationToken cancellationToken)
    {
        var run = Ids.New();
        var pairings = Enumerable.Range(0, devices)
            .Select(i => new SimulatedPairing(
                string.Create(CultureInfo.InvariantCulture, $"sample-sim-{run}-{i / DevicesEach}"), string.Create(CultureInfo.InvariantCulture, $"sample-sim-{run}-{i}"), "dvc_" + PairingSecrets.NewClaimKey()))
            .ToList();
        await using var source = access.CreateOwnerDataSource(access.PrimaryName); // people are not the portal's role to make
        await using var batch = source.CreateBatch();
        Add(batch, Users, pairings.Select(p => p.UserId).Distinct());
        Add(batch, Pairings, pairings.Select(_ => Ids.New()), pairings.Select(p => p.UserId), pairings.Select(p => p.DeviceId), pairings.Select(p => PairingSecrets.TokenHash(p.Token)));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return pairings;
    }

    private static void Add(NpgsqlBatch batch, string sql, params IEnumerable<string>[] columns)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        foreach (var column in columns)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = column.ToArray() });
        }

        batch.BatchCommands.Add(command);
    }
}
