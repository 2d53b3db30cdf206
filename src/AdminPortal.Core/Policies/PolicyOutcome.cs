namespace AdminPortal.Core.Policies;

/// <summary>What came of changing a policy or its exemptions.</summary>
public abstract record PolicyOutcome
{
    private PolicyOutcome()
    {
    }

    /// <param name="Version">The policy's version from now on; 0 for an exemption.</param>
    public sealed record Done(int Version) : PolicyOutcome;

    /// <summary>Another admin saved it first; <paramref name="Current"/> is what they saved.</summary>
    public sealed record ChangedMeanwhile(PolicyRow Current) : PolicyOutcome;

    /// <summary>The person, the device or the exemption does not exist.</summary>
    public sealed record NotFound : PolicyOutcome;

    public sealed record NotAllowed : PolicyOutcome;

    /// <summary>It would act on so many devices, and the admin has not typed that number. Nothing was saved.</summary>
    public sealed record NotConfirmed(int Devices) : PolicyOutcome;

    public sealed record Invalid(string Message) : PolicyOutcome;
}
