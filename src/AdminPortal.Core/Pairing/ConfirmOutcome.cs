namespace AdminPortal.Core.Pairing;

/// <summary>What came of the user's answer to "Is this your device?".</summary>
public abstract record ConfirmOutcome
{
    private ConfirmOutcome()
    {
    }

    /// <summary>Confirmed or refused as asked, now or by an earlier click.</summary>
    public sealed record Done(PairingStatus Status) : ConfirmOutcome;

    /// <summary>The digits are not the device's: the session has ended.</summary>
    public sealed record WrongNumber : ConfirmOutcome;

    /// <summary>The session is in a stage in which this cannot be answered.</summary>
    public sealed record Ended(PairingStatus Status) : ConfirmOutcome;

    /// <summary>The account was disabled, or may no longer grant what the code asks: the session has ended.</summary>
    public sealed record NotAllowed : ConfirmOutcome;

    public sealed record NotFound : ConfirmOutcome;
}
