using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AdminPortal.Data;

namespace AdminPortal.Core.SampleData;

/// <summary>
/// Makes the rows of a crowd as COPY's text, chunk by chunk: people with some ten devices each, in the states, ages and
/// versions that a service of some years has. The same words every time; only ids and token hashes are random.
/// </summary>
internal sealed class SampleCrowdRows(DateTime now, int pairings, int firstUser)
{
    public const int PairingsPerUser = 10;

    /// <summary>Every so many pairings one waits in quarantine.</summary>
    private const int QuarantineEvery = 500;
    private const double Years = 2;

    private readonly Random random = new(20261122 + firstUser);

    public StringBuilder Users { get; } = new();

    public StringBuilder Pairings { get; } = new();

    public StringBuilder Permissions { get; } = new();

    public StringBuilder Devices { get; } = new();

    public StringBuilder States { get; } = new();

    public StringBuilder Events { get; } = new();

    public int PermissionCount { get; private set; }

    private int UserCount => Math.Max(1, pairings / PairingsPerUser);

    /// <summary>All people; pairings come after them, since they name them.</summary>
    public int AddUsers()
    {
        for (var i = 0; i < UserCount; i++)
        {
            var (first, last) = (SampleWords.Pick(SampleWords.FirstNames, random), SampleWords.Pick(SampleWords.LastNames, random));
            var number = firstUser + i;
            var joined = now.AddDays(-365 * Years * (1 - ((double)i / UserCount))).AddMinutes(-random.Next(3000));
            var synced = random.Next(10) < 7 ? Time(now.AddMinutes(-Recent(14 * 1440))) : @"\N";
            var name = random.Next(20) == 0 ? @"\N" : $"{first} {last} (sample)";
            Line(Users, UserId(number), $"{first}.{last}{number}@sample.example".ToLowerInvariant(), name, Time(joined), Time(joined), synced);
        }

        return UserCount;
    }

    /// <summary>The pairings from <paramref name="from"/> to before <paramref name="to"/>, oldest first, with what hangs on them.</summary>
    public void AddPairings(int from, int to)
    {
        foreach (var text in new[] { Pairings, Permissions, Devices, States, Events })
        {
            text.Clear();
        }

        var tokens = RandomNumberGenerator.GetHexString(64 * (to - from), lowercase: true);
        for (var i = from; i < to; i++)
        {
            AddPairing(i, tokens.Substring(64 * (i - from), 64));
        }
    }

    private void AddPairing(int number, string token)
    {
        var model = SampleWords.Pick(SampleWords.Models, random);
        var user = UserId(firstUser + random.Next(UserCount));
        var paired = now.AddDays(-365 * Years * (1 - ((double)number / pairings))).AddSeconds(-random.Next(7200));
        var (id, deviceId) = (Guid.CreateVersion7(new DateTimeOffset(paired, TimeSpan.Zero)).ToString("N"), NewDeviceId());
        var age = (now - paired).TotalMinutes;
        var quarantined = number % QuarantineEvery == 7;
        var revoked = !quarantined && random.Next(100) < 12;
        var expired = !revoked && !quarantined && random.Next(100) < 10;
        var seen = now.AddMinutes(-Math.Min(age, revoked || expired ? age * random.NextDouble() : Recent(60 * 1440)));
        var ends = expired ? now.AddMinutes(-(now - seen).TotalMinutes * random.NextDouble()) : now.AddMinutes(random.Next(365 * 1440));
        var address = random.Next(12) == 0 ? $"2001:db8:{random.Next(65536):x}::{random.Next(65536):x}" : $"{SampleWords.Pick(SampleWords.Networks, random)}.{random.Next(256)}.{1 + random.Next(254)}";
        var version = SampleWords.Pick(SampleWords.Versions, random);
        var name = random.Next(10) == 0 ? @"\N" : model.Name.Replace("#", (1 + random.Next(400)).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Line(
            Pairings, id, user, deviceId, model.Type, name, $"sha256:{token}", Time(ends), address, $"SampleApp/{version} ({model.Platform} {model.Os})",
            revoked || quarantined ? "f" : "t", Time(seen), Time(paired), Time(seen));
        AddPermissions(id, paired);
        if (random.Next(10) < 7)
        {
            Line(Devices, Ids.New(), user, deviceId, model.Platform, model.Os, version, Time(seen), Time(paired), Time(seen));
        }

        if (quarantined)
        {
            Line(States, id, Time(seen) + "+00", "Reported lost (sample)", "portal", "AdminPortal");
        }

        Line(Events, Time(paired) + "+00", "paired", user, deviceId, id, "device", address);
        if (revoked || quarantined)
        {
            Line(Events, Time(seen) + "+00", revoked ? "revoked" : "quarantined", user, deviceId, id, "portal", @"\N");
        }
    }

    private void AddPermissions(string pairing, DateTime paired)
    {
        var everything = random.Next(100) == 0;
        var first = random.Next(SampleWords.Scopes.Length);
        var count = everything ? 1 : 1 + random.Next(4); // 2.5 on average
        for (var i = 0; i < count; i++)
        {
            var scope = everything ? SampleWords.FullAccess : SampleWords.Scopes[(first + i) % SampleWords.Scopes.Length];
            var ends = random.Next(7) == 0 ? Time(now.AddMinutes(random.Next(120 * 1440) - (30 * 1440))) : @"\N";
            Line(Permissions, Ids.New(), pairing, scope, Time(paired), ends, Time(paired), Time(paired));
            PermissionCount++;
        }
    }

    private string NewDeviceId()
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    /// <summary>Minutes: mostly few, seldom up to the whole range.</summary>
    private double Recent(double range) => (range * Math.Pow(random.NextDouble(), 4)) + (30 * random.NextDouble());

    private static string UserId(int number) => $"{SamplePeople.IdPrefix}{number.ToString("D7", CultureInfo.InvariantCulture)}";

    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, params ReadOnlySpan<string> values) => text.AppendJoin('\t', values).Append('\n');
}
