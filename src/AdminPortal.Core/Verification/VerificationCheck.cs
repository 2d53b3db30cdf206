namespace AdminPortal.Core.Verification;

/// <summary>One thing that is verified. A new one goes into <see cref="VerificationChecks"/>; a test sees to it.</summary>
internal abstract class VerificationCheck
{
    /// <summary>Never changes: stored results and scripts know it.</summary>
    public abstract string Id { get; }

    /// <summary>A sentence that is true when the check passes.</summary>
    public abstract string Title { get; }

    /// <summary>What is expected, in words, when nothing or many things differ.</summary>
    public abstract string Expected { get; }

    /// <summary>Of the check itself; a finding may weigh less.</summary>
    public virtual CheckSeverity Severity => CheckSeverity.Error;

    /// <summary>True for checks that read whole tables, and are left out unless asked for.</summary>
    public virtual bool ReadsRows => false;

    public abstract Task<IReadOnlyList<Finding>> LookAsync(CheckedTarget target, CancellationToken cancellationToken);
}

/// <summary>A check of what was read once for all of them; asks the server nothing.</summary>
internal abstract class CatalogueCheck : VerificationCheck
{
    public sealed override Task<IReadOnlyList<Finding>> LookAsync(CheckedTarget target, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([.. Look(target)]);

    protected abstract IEnumerable<Finding> Look(CheckedTarget target);
}
