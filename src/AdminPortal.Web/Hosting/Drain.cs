using AdminPortal.Core.Targets;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Hosting;

/// <summary>
/// How this instance stops beside others: first <c>/health/ready</c> says that it goes, so that the balancer sends nobody new; after half
/// of <c>Portal:DrainSeconds</c> open pages and event streams go to another instance; then the process ends. With 0 seconds, where there is
/// no other instance, it ends at once.
/// </summary>
public sealed class Drain : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource leaving = new();
    private readonly CancellationTokenRegistration stopped;
    private readonly IOptions<PortalOptions> options;
    private readonly TimeProvider time;
    private readonly ILogger<Drain> logger;
    private int pages;

    public Drain(IOptions<PortalOptions> options, IHostApplicationLifetime life, TimeProvider time, ILogger<Drain> logger)
    {
        (this.options, this.time, this.logger) = (options, time, logger);
        stopped = life.ApplicationStopping.Register(leaving.Cancel); // without a drain, such as after a failed start: no stream may hold the end up
    }

    /// <summary>True from the signal to stop on.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Cancelled when pages and streams are to go.</summary>
    public CancellationToken Leaving => leaving.Token;

    /// <summary>True: there is another instance for them, and time to go to it.</summary>
    public bool PagesMove => options.Value.DrainSeconds > 0;

    /// <summary>Counts an open page until it is disposed of.</summary>
    public IDisposable Open()
    {
        Interlocked.Increment(ref pages);
        return new Page(this);
    }

    /// <summary>Until nobody is left here, or the time is over.</summary>
    public async Task RunAsync()
    {
        HasBegun = true;
        var half = TimeSpan.FromSeconds(options.Value.DrainSeconds / 2.0);
        if (PagesMove)
        {
            logger.LogInformation("Stopping: no new work for {Seconds:0.#} s, then {Pages} open pages go to another instance.", half.TotalSeconds, Volatile.Read(ref pages));
            await Task.Delay(half, time, CancellationToken.None);
        }

        await leaving.CancelAsync();
        var moving = time.GetTimestamp();
        while (PagesMove && Volatile.Read(ref pages) > 0 && time.GetElapsedTime(moving) < half)
        {
            await Task.Delay(Look, time, CancellationToken.None);
        }
    }

    public void Dispose()
    {
        stopped.Dispose();
        leaving.Dispose();
    }

    private sealed class Page(Drain drain) : IDisposable
    {
        private int closed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref closed, 1) == 0)
            {
                Interlocked.Decrement(ref drain.pages);
            }
        }
    }
}
