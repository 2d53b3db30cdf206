using System.Reflection;
using AdminPortal.Core.Pairing;
using AdminPortal.Data.Devices;

namespace AdminPortal.Core.Tests.Pairing;

/// <summary>What a device may say of itself.</summary>
public sealed class ClaimRequestTests
{
    private static readonly ClaimRequest Good = new(
        "0123456789abcdef0123456789abcdef", "secret", null, "device-1", DeviceType.Desktop, ClaimKey: PairingSecrets.NewClaimKey());

    [Fact]
    public void Check_Good_FindsNothing()
    {
        Assert.Null(Good.Check());
        Assert.Null((Good with { DeviceId = new string('x', 128), DeviceName = new string('x', 80) }).Check());
        Assert.Null((Good with { SessionId = null, PairingCode = null, ShortCode = "BCDF-GHJK", ClaimKey = null }).Check());
    }

    public static TheoryData<string, ClaimRequest> Malformed => new()
    {
        { "no code", Good with { SessionId = null, PairingCode = null } },
        { "half a code", Good with { PairingCode = null } },
        { "both codes", Good with { ShortCode = "BCDF-GHJK" } },
        { "no device", Good with { DeviceId = null } },
        { "empty device", Good with { DeviceId = "" } },
        { "long device", Good with { DeviceId = new string('x', 129) } },
        { "device with a space", Good with { DeviceId = "a b" } },
        { "device with a line break", Good with { DeviceId = "a\n" } },
        { "device with foreign letters", Good with { DeviceId = "gerät" } },
        { "no type", Good with { DeviceType = null } },
        { "unknown type", Good with { DeviceType = (DeviceType)4 } },
        { "short key", Good with { ClaimKey = "abc" } },
        { "key with padding", Good with { ClaimKey = Good.ClaimKey + "=" } },
        { "key in the wrong alphabet", Good with { ClaimKey = "+" + Good.ClaimKey![1..] } },
    };

    [Theory, MemberData(nameof(Malformed))]
    public void Check_Malformed_SaysWhatIsWrong(string what, ClaimRequest request)
    {
        Assert.False(string.IsNullOrEmpty(request.Check()), what);
    }

    [Fact]
    public void Fitting_NamesThatTheSystemMade_AreCutAndCleanedInsteadOfRefused()
    {
        var request = Good with { DeviceName = new string('x', 81), Platform = new string('x', 81), OsVersion = "a\0b", AppVersion = "1\r\n" };

        Assert.Null(request.Check());
        var fitting = request.Fitting();
        Assert.Equal((new string('x', 80), new string('x', 80), "a b", "1"), (fitting.DeviceName, fitting.Platform, fitting.OsVersion, fitting.AppVersion));
    }

    [Fact]
    public void ClaimRequest_Fields_HaveNoPlaceForAUserOrAnExpiry()
    {
        var names = typeof(ClaimRequest).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => p.Name);

        Assert.DoesNotContain(names, n => n.StartsWith("User", StringComparison.Ordinal) && n != nameof(ClaimRequest.UserAgent));
        Assert.DoesNotContain(names, n => n.Contains("Expire", StringComparison.Ordinal) || n.Contains("Ttl", StringComparison.Ordinal));
    }
}
