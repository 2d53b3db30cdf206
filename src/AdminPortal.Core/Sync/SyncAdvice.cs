namespace AdminPortal.Core.Sync;

/// <summary>What support can press to do a step.</summary>
public enum SyncRemedy
{
    /// <summary>Nothing here: the step is done elsewhere.</summary>
    None,

    /// <summary>Copy the text for the person.</summary>
    Reply,

    /// <summary>Have the device read everything again.</summary>
    FullRead,

    /// <summary>Look at the refused changes and conflicts.</summary>
    Problems,

    /// <summary>Go to the device, to release or extend it.</summary>
    Device,
}

/// <param name="Text">In the imperative, with its full stop.</param>
public sealed record SyncStep(string Text, SyncRemedy Remedy);

/// <summary>Why a device stands as it does, and what support can do about it, one step after the other.</summary>
public static class SyncAdvice
{
    /// <summary>The cause in a sentence or two; empty: the verdict's sentence says it all.</summary>
    public static string Why(SyncDetail detail)
    {
        var s = detail.Standing;
        var refused = detail.Rejections.FirstOrDefault(r => r.Closed is null);
        return s.Verdict switch
        {
            SyncVerdict.Ended => "Only a device with an active pairing may sync.",
            SyncVerdict.NeverSynced when s.ConsecutiveFailures > 0 => $"The server refuses it: {SyncAnswers.Of(s.LastProblem)}.",
            SyncVerdict.NeverSynced => "The app has not been opened since it registered, or it was offline.",
            SyncVerdict.SignInFailing => $"The server refuses its sign-in: {SyncAnswers.Of(s.LastProblem)}.",
            SyncVerdict.Outdated => "The server no longer talks to this version of the app.",
            SyncVerdict.StuckUploading when refused is not null => $"The server refuses one of them ({refused.Detail.TrimEnd('.')}), and the app stops there.",
            SyncVerdict.StuckUploading when s is { ConsecutiveFailures: > 0 } => $"The server refuses what it sends: {SyncAnswers.Of(s.LastProblem)}.",
            SyncVerdict.StuckUploading => "The server refused nothing: the app connects and does not send them.",
            SyncVerdict.StuckDownloading when s.ConsecutiveFailures > 0 => $"The server refuses its requests: {SyncAnswers.Of(s.LastProblem)}.",
            SyncVerdict.StuckDownloading => "The app connects and does not fetch what is new.",
            SyncVerdict.Rejected when refused is not null => $"The server refused a {SyncWords.Entity(refused.Entity)}: {refused.Detail}",
            SyncVerdict.Rejected => "Two devices changed the same item; the older value is kept until somebody decides.",
            SyncVerdict.CatchingUp => "Changes are on their way. Nothing is wrong yet.",
            SyncVerdict.FullReadDue or SyncVerdict.Dormant or SyncVerdict.Stale => "It is switched off or offline, or nobody opens the app.",
            _ => "",
        };
    }

    /// <summary>In the order in which to try them; empty: there is nothing to do.</summary>
    public static IReadOnlyList<SyncStep> Steps(SyncDetail detail)
    {
        var (s, name) = (detail.Standing, detail.Standing.Person);
        SyncStep reload = new("If that fails, have it read everything again. What waits on it is kept.", SyncRemedy.FullRead);
        return s.Verdict switch
        {
            SyncVerdict.Ended when s.Pairing == "quarantined" => [new("Decide on its quarantine.", SyncRemedy.Device)],
            SyncVerdict.Ended when s.Pairing == "elsewhere" => [new($"Ask {name} whether they gave the device away.", SyncRemedy.Reply)],
            SyncVerdict.Ended => [new($"Ask {name} to pair it again.", SyncRemedy.Reply)],
            SyncVerdict.SignInFailing =>
                [new($"Ask {name} to sign in on it again.", SyncRemedy.Reply), new("If that fails, have it paired again. What waits on it is kept.", SyncRemedy.Device)],
            SyncVerdict.Outdated => [new($"Ask {name} to update the app{(s.MinimumAppVersion is { } minimum ? $" to {minimum} or newer" : "")}.", SyncRemedy.Reply)],
            SyncVerdict.StuckUploading when s.OpenRejections > 0 => [new($"Ask {name} to correct the refused change.", SyncRemedy.Reply), new("See what was refused.", SyncRemedy.Problems), reload],
            SyncVerdict.StuckUploading or SyncVerdict.StuckDownloading => [new($"Ask {name} to open the app while the device is online.", SyncRemedy.Reply), reload],
            SyncVerdict.Rejected => [new("See what was refused or is in conflict.", SyncRemedy.Problems), new($"Ask {name} to decide.", SyncRemedy.Reply)],
            SyncVerdict.NeverSynced or SyncVerdict.FullReadDue or SyncVerdict.Dormant or SyncVerdict.Stale => [new($"Ask {name} to open the app while the device is online.", SyncRemedy.Reply)],
            SyncVerdict.CatchingUp => [new("Look again in a few minutes.", SyncRemedy.None)],
            _ when s.Is(SyncVerdict.ClockWrong) || s.Is(SyncVerdict.NoPushToken) => [new($"Tell {name} what to set on the device.", SyncRemedy.Reply)],
            _ => [],
        };
    }

}
