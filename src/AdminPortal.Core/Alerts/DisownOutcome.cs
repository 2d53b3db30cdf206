namespace AdminPortal.Core.Alerts;

/// <summary>What came of an owner's "this was not me".</summary>
public abstract record DisownOutcome
{
    private DisownOutcome()
    {
    }

    /// <summary>The device is suspended, and an alert is open.</summary>
    public sealed record Done(string AlertId) : DisownOutcome;

    /// <summary>Said before, and the admins have not concluded yet: nothing was changed.</summary>
    public sealed record AlreadyOpen(DateTimeOffset Since) : DisownOutcome;

    public sealed record NotFound : DisownOutcome;

    /// <summary>Not the owner: only they know whether it was them.</summary>
    public sealed record NotAllowed : DisownOutcome;

    public sealed record Invalid(string Message) : DisownOutcome;
}
