using AdminPortal.Core.Sync;
using AdminPortal.Web.Layout;
using AdminPortal.Web.Sync;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>The sentences of verdicts: what is wrong, since when and how often, in words that need no documentation.</summary>
public sealed class SyncWordsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 13, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Tuesday = new(2026, 11, 24, 12, 19, 0, TimeSpan.Zero);

    private static readonly SyncStanding Tablet = new()
    {
        Id = "1",
        DeviceId = "tablet",
        UserId = "u",
        UserEmail = "m@example.org",
        Person = "Margarete Maier",
        Platform = "ios",
        AppVersion = "2.0",
        DeviceName = "Kitchen tablet",
        LastAttemptAt = Now.AddMinutes(-4),
        LastSuccessAt = Tuesday,
        ContactAt = Now.AddMinutes(-4),
        SentVersion = 96,
        AcknowledgedVersion = 96,
        Head = 120,
    };

    private static readonly SyncWords Words = SyncSpeech.Of(new ViewerClock(Now, TimeZoneInfo.FindSystemTimeZoneById("Europe/London")), TimeProvider.System);

    public static TheoryData<string, string, string> Sentences { get; } = new()
    {
        { "stuck", "Margarete Maier’s Kitchen tablet has not been able to send 17 changes since Tue 24 Nov, 12:19; it tried 212 times, last 4 min ago.", "Cannot send 17 changes since Tue 24 Nov, 12:19" },
        { "behind", "Margarete Maier’s Kitchen tablet is 24 changes behind (has 96 of 120) since Tue 24 Nov, 12:19, though it last tried 4 min ago.", "24 changes behind since Tue 24 Nov, 12:19" },
        { "refused", "Margarete Maier’s Kitchen tablet has not been able to sign in since Tue 24 Nov, 12:19: it was refused 9 times in a row, last 4 min ago.", "Cannot sign in since Tue 24 Nov, 12:19: it is registered for another person" },
        { "silent", "Margarete Maier’s Kitchen tablet was last in contact 31 days ago (Thu 29 Oct, 13:00).", "Silent for 31 days" },
        { "format", "Margarete Maier’s Kitchen tablet has not synced since Tue 24 Nov, 12:19: its app 2.0 has data format 9, the server has 1.", "Cannot sync since Tue 24 Nov, 12:19: its app 2.0 has data format 9, the server has 1" },
        { "expired", "Margarete Maier’s Kitchen tablet no longer syncs: its pairing expired 5 days ago.", "Its pairing expired 5 days ago" },
    };

    [Theory]
    [MemberData(nameof(Sentences))]
    public void Sentence_OfAVerdict_SaysWhatSinceWhenAndHowOften(string which, string sentence, string inAList)
    {
        var standing = which switch
        {
            "stuck" => Tablet with { Verdict = SyncVerdict.StuckUploading, Pending = 17, OldestPendingAt = Tuesday, AttemptsWithoutDrop = 212 },
            "behind" => Tablet with { Verdict = SyncVerdict.StuckDownloading, MissedAt = Tuesday },
            "refused" => Tablet with { Verdict = SyncVerdict.SignInFailing, ConsecutiveRefusals = 9, LastProblem = "device-not-yours" },
            "silent" => Tablet with { Verdict = SyncVerdict.Dormant, ContactAt = Now.AddDays(-31) },
            "format" => Tablet with { Verdict = SyncVerdict.Outdated, SchemaVersion = 9, SyncedAt = Tuesday },
            _ => Tablet with { Verdict = SyncVerdict.Ended, Pairing = "expired", PairingEndsAt = Tuesday.UtcDateTime },
        };

        Assert.Equal(sentence, Words.ForSupport(standing));
        Assert.Equal(inAList, Words.ForList(standing));
    }

    /// <summary>Each has a sentence, a name and a reply, also where nothing else is known of the device.</summary>
    [Fact]
    public void EveryVerdict_HasWords()
    {
        foreach (var verdict in Enum.GetValues<SyncVerdict>())
        {
            var bare = new SyncStanding { Id = "1", DeviceId = "d", UserId = "u", UserEmail = "e", Person = "P", Platform = "ios", AppVersion = "1", Verdict = verdict, OpenConflicts = 1 };

            Assert.EndsWith(".", Words.ForSupport(bare), StringComparison.Ordinal);
            Assert.NotEmpty(Words.ForList(bare));
            Assert.True(Words.Reply(bare).Length > 20);
            Assert.NotEmpty(SyncVerdictBadge.Word(verdict));
        }
    }
}
