namespace AdminPortal.Core.Policies;

/// <summary>A policy as it is saved; one that nobody has saved yet is off, with settings to start from.</summary>
/// <param name="Version">0: never saved. Given back when it is saved anew.</param>
/// <param name="Exemptions">How many hold now.</param>
public sealed record PolicyRow(
    string Name, bool Enabled, PolicySettings Settings, int Version, DateTimeOffset? UpdatedAt, string? UpdatedBy, int Exemptions)
{
    /// <summary>The last run waits for a yes; null: it does not.</summary>
    public PolicyHold? Held { get; init; }

    /// <summary>An admin's yes to these settings, for so many devices in one run.</summary>
    public int? AllowedDevices { get; init; }
    public string? AllowedBy { get; init; }
}

/// <summary>A run that found too many devices to act on without a yes.</summary>
/// <param name="Devices">How many it would have acted on.</param>
/// <param name="Of">How many worked then.</param>
public sealed record PolicyHold(int Devices, int Of, DateTimeOffset At);

/// <summary>What owners of devices that are still unseen were told.</summary>
/// <param name="Act">What will happen.</param>
/// <param name="First">The earliest time of it.</param>
/// <param name="Last">The latest.</param>
public sealed record ToldRow(UnseenAct Act, int Devices, DateTimeOffset First, DateTimeOffset Last);

/// <summary>A person or a device that a policy leaves alone.</summary>
/// <param name="Subject">One of <see cref="PolicySubject"/>.</param>
/// <param name="Title">The person's or the device's name; the id when it is gone.</param>
/// <param name="Person">The device's person; null for a person.</param>
/// <param name="Ended">True once its time is over; it holds no more.</param>
public sealed record ExemptionRow(
    string Id, string Policy, string Subject, string SubjectId, string Title, string? Person, string Reason, DateTimeOffset CreatedAt, string CreatedBy,
    DateTimeOffset? Until, bool Ended);
