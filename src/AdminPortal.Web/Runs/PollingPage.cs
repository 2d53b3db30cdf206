using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Runs;

/// <summary>
/// A page about runs. It reads again twice a second while something runs and someone looks: runs live in the portal's own
/// database, whose figures move with the heartbeat anyway, and a listener would tell nothing sooner.
/// </summary>
public abstract class PollingPage<T> : LivePage<T>
    where T : class
{
    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);
    private bool watching;

    /// <summary>True while what is shown can move by itself.</summary>
    protected abstract bool IsMoving { get; }

    /// <summary>Until it reads again.</summary>
    protected virtual TimeSpan Pause => IsMoving ? Fast : Slow;

    protected override bool Concerns(Core.Devices.DeviceChange change) => false;

    protected override void OnAfterRender(bool firstRender)
    {
        if (!watching)
        {
            watching = true;
            _ = WatchAsync(Life);
        }
    }

    private async Task WatchAsync(CancellationToken life)
    {
        while (!life.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Pause, Time, life);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (State.Problem is null)
            {
                await InvokeAsync(() => life.IsCancellationRequested ? Task.CompletedTask : ReloadAsync());
            }
        }
    }
}
