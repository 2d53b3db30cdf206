using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Layout;

/// <summary>
/// A page that reads one view of the primary target and keeps it true: one running request at a time, read again when a
/// change is announced, a clear state while the database is away. Reads only in the circuit; the first answer holds the frame.
/// </summary>
public abstract class LivePage<T> : ComponentBase, IAsyncDisposable
    where T : class
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource life = new();
    private CancellationTokenSource? request;
    private Task running = Task.CompletedTask;
    private IDisposable? subscription;
    private string? shownKey;
    private int announced;

    [Inject] internal CurrentActor Visitor { get; set; } = null!;

    [Inject] public required DeviceDatabases Databases { get; set; }

    [Inject] public required DeviceChanges Changes { get; set; }

    [Inject] public required TimeProvider Time { get; set; }

    [Inject] public required ILoggerFactory Logs { get; set; }

    protected ViewState<T> State { get; private set; } = new();

    protected Actor? Actor { get; private set; }

    /// <summary>Cancelled when the page is left.</summary>
    protected CancellationToken Life => life.Token;

    /// <summary>What decides the view, such as the address: when it changes, the page reads anew.</summary>
    protected virtual string ViewKey => "";

    /// <summary>Reads the view; null: there is no such thing.</summary>
    protected abstract Task<T?> LoadAsync(Actor actor, CancellationToken cancellationToken);

    /// <summary>True for changes that this view could show. Called on the listener's thread.</summary>
    protected virtual bool Concerns(DeviceChange change) => true;

    /// <summary>Where the page hears that its view may have changed: the primary target, unless it shows something else.</summary>
    protected virtual IDisposable Subscribe() => Changes.Subscribe(OnChange);

    /// <summary>Reads the view again; a request that still runs is cancelled.</summary>
    protected Task ReloadAsync()
    {
        request?.Cancel();
        request?.Dispose();
        request = CancellationTokenSource.CreateLinkedTokenSource(life.Token);
        return running = RunAsync(request.Token);
    }

    protected override async Task OnParametersSetAsync()
    {
        if (!RendererInfo.IsInteractive || shownKey == ViewKey)
        {
            return;
        }

        shownKey = ViewKey;
        subscription ??= Subscribe();
        await ReloadAsync();
    }

    public async ValueTask DisposeAsync()
    {
        subscription?.Dispose();
        await life.CancelAsync();
        await running;
        request?.Dispose();
        life.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            Actor ??= await Visitor.GetAsync();
            var value = await LoadAsync(Actor, cancellationToken);
            if (!cancellationToken.IsCancellationRequested)
            {
                State = new ViewState<T>(value, IsMissing: value is null);
            }
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested)
        {
            Logs.CreateLogger(GetType()).LogDebug(exception, "A request of a page was cancelled.");
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception))
        {
            await ShowAsync(exception, cancellationToken);
        }
        catch (Exception exception)
        {
            Logs.CreateLogger(GetType()).LogError(exception, "The page could not read its data.");
            State = new ViewState<T>(Problem: new ViewProblem(null));
        }

        if (!life.IsCancellationRequested)
        {
            StateHasChanged();
        }
    }

    private async Task ShowAsync(Exception exception, CancellationToken cancellationToken)
    {
        try
        {
            var found = await TargetAvailability.AfterAsync(exception, Databases, Databases.PrimaryName, cancellationToken);
            if (found is null)
            {
                Logs.CreateLogger(GetType()).LogError(exception, "The page asked for what its database does not have.");
            }

            State = new ViewState<T>(Problem: new ViewProblem(found));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            State = new ViewState<T>(); // the page is being left or read anew
        }
    }

    /// <summary>Has the view read again soon. Many announcements in a row become one reading; any thread may call.</summary>
    protected void Announce()
    {
        if (Interlocked.Exchange(ref announced, 1) == 0)
        {
            _ = InvokeAsync(ReadAgainAsync);
        }
    }

    /// <summary>Called on the listener's thread.</summary>
    private void OnChange(DeviceChange change)
    {
        if (Concerns(change))
        {
            Announce();
        }
    }

    private async Task ReadAgainAsync()
    {
        await Task.Delay(Gathering, Time, CancellationToken.None);
        Volatile.Write(ref announced, 0);
        if (!life.IsCancellationRequested)
        {
            await ReloadAsync();
        }
    }
}
