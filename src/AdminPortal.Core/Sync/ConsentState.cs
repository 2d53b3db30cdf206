namespace AdminPortal.Core.Sync;

/// <summary>Who may see the words of a person's tasks, as far as one reader is concerned.</summary>
/// <param name="MayReadWords">The reader is the person, or the colleague whom they let see.</param>
/// <param name="CodeUntil">Until when the code that the person has can be typed; null: there is none.</param>
/// <param name="GivenTo">Who looks, by name; null: nobody.</param>
public sealed record ConsentState(bool IsOwn, bool MayReadWords, DateTimeOffset? CodeUntil, string? GivenTo, DateTimeOffset? GivenUntil);

/// <summary>What came of typing a code.</summary>
public abstract record RedeemOutcome
{
    private RedeemOutcome()
    {
    }

    public sealed record Opened(DateTimeOffset Until) : RedeemOutcome;

    /// <param name="Left">How often another code can be typed before the person has to make a new one.</param>
    public sealed record WrongCode(int Left) : RedeemOutcome;

    /// <summary>The person has made none, or its time is over, or it was typed or missed already.</summary>
    public sealed record NoCode : RedeemOutcome;

    public sealed record NotAllowed : RedeemOutcome;
}
