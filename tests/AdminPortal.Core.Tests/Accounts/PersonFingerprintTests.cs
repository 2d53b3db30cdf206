using AdminPortal.Core.Accounts;

namespace AdminPortal.Core.Tests.Accounts;

/// <summary>Whether a person with the id is still the one who was meant.</summary>
public sealed class PersonFingerprintTests
{
    private static readonly DateTime Made = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [Fact]
    public void Person_MadeAtAnotherTime_IsAnother()
    {
        var known = PersonFingerprint.Of(Made, "anna@example.org");

        Assert.True(PersonFingerprint.IsOf(known, Made, "anna@elsewhere.example"));
        Assert.False(PersonFingerprint.IsOf(known, Made.AddMilliseconds(1), "anna@example.org"));
    }

    [Fact]
    public void Person_OfAHostThatDoesNotSayWhen_IsKnownByTheAddress()
    {
        var known = PersonFingerprint.Of(DateTime.UnixEpoch, "Anna@example.org");

        Assert.True(PersonFingerprint.IsOf(known, Made, "anna@EXAMPLE.org"));
        Assert.False(PersonFingerprint.IsOf(known, Made, "eva@example.org"));
    }

    [Fact]
    public void Person_OfAHostThatSaysLessThanBefore_IsTheSame()
    {
        Assert.True(PersonFingerprint.IsOf(PersonFingerprint.Of(Made, "anna@example.org"), DateTime.UnixEpoch, "eva@example.org"));
        Assert.True(PersonFingerprint.IsOf(PersonFingerprint.Of(DateTime.UnixEpoch, "anna@example.org"), DateTime.UnixEpoch, ""));
        Assert.True(PersonFingerprint.IsOf(PersonFingerprint.Of(DateTime.UnixEpoch, ""), Made, "anna@example.org"));
    }
}
