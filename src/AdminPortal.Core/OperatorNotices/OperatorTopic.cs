namespace AdminPortal.Core.OperatorNotices;

/// <summary>What who runs the portal can be told; each person chooses which. The words of <c>operator_choices.topics</c>.</summary>
public enum OperatorTopic
{
    /// <summary>A job failed or was cut off.</summary>
    Jobs,

    /// <summary>A backup, its proof or a restore failed.</summary>
    Backups,

    /// <summary>A migration, or another run, failed.</summary>
    Runs,

    /// <summary>A verification found errors.</summary>
    Verifications,

    /// <summary>A policy would act on many devices, and waits for a yes.</summary>
    Policies,

    /// <summary>Somebody says that a device was not paired by them.</summary>
    Alerts,

    /// <summary>A request waits for more than a day.</summary>
    Queues,

    /// <summary>Many attempts were refused: somebody tries what they may not.</summary>
    Refusals,
}
