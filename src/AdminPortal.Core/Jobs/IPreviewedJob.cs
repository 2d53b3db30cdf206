namespace AdminPortal.Core.Jobs;

/// <summary>A job whose acts cannot be undone: a person sees what it would do before asking for it.</summary>
public interface IPreviewedJob : IPortalJob
{
    /// <summary>What a run would do now, in words. Changes nothing.</summary>
    Task<string> PreviewAsync(CancellationToken cancellationToken);
}
