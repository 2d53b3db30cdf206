using System.Diagnostics.Metrics;
using AdminPortal.Core.Targets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Monitoring;

/// <summary>
/// Listens to the instruments of this process for the figures of <see cref="Plots"/>, and adds what it heard to the stored ones every
/// few seconds. While the portal's database is away it goes on gathering, and what happened meanwhile counts when it is back.
/// </summary>
internal sealed class FigureRecorder : BackgroundService
{
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);
    private readonly FigureGathering[] gatherings = [.. Plots.Figures.Select(figure => new FigureGathering(figure))];
    private readonly MeterListener listener = new();
    private readonly FigureStore store;
    private readonly TimeSpan interval;
    private readonly TimeProvider time;
    private readonly ILogger<FigureRecorder> logger;

    public FigureRecorder(
        PortalMeter meter, IMeterFactory factory, FigureStore store, IOptions<MonitoringOptions> options, TimeProvider time, ILogger<FigureRecorder> logger)
    {
        (this.store, this.time, this.logger) = (store, time, logger);
        interval = TimeSpan.FromSeconds(options.Value.FlushSeconds);
        listener.InstrumentPublished = (instrument, to) =>
        {
            // Another portal in this process has meters of the same name; Npgsql's is the process's.
            var ours = instrument.Meter.Name == PortalMeter.Name ? meter.Owns(instrument) : instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, factory);
            FigureGathering[] wanted = [.. gatherings.Where(g => g.Figure.Meter == instrument.Meter.Name && g.Figure.Instrument == instrument.Name)];
            if (ours && wanted.Length > 0)
            {
                to.EnableMeasurementEvents(instrument, wanted);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, wanted) => Hear(instrument, value, tags, wanted));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, wanted) => Hear(instrument, value, tags, wanted));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, wanted) => Hear(instrument, value, tags, wanted));
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        listener.Start();
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Writes what was gathered; false: the database was away, and it is kept for the next time.</summary>
    public async Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        listener.RecordObservableInstruments();
        var taken = new Dictionary<FigureGathering, FigureSum>();
        foreach (var gathering in gatherings)
        {
            gathering.CompleteObservation();
            if (gathering.Take() is { } sum)
            {
                taken.Add(gathering, sum);
            }
        }

        try
        {
            await store.AddAsync(taken.ToDictionary(t => t.Key.Figure.Name, t => t.Value), cancellationToken);
            return true;
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception) || cancellationToken.IsCancellationRequested)
        {
            foreach (var (gathering, sum) in taken)
            {
                gathering.Return(sum);
            }

            logger.LogDebug("Figures wait: {Error}", exception.Message);
            return false;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Goodbye);
        await FlushAsync(patience.Token);
    }

    public override void Dispose()
    {
        listener.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await FlushAsync(stoppingToken);
        }
    }

    private static void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? wanted)
    {
        foreach (var gathering in (FigureGathering[])wanted!)
        {
            if (gathering.Figure.Only?.Invoke(tags) == false)
            {
                continue;
            }

            if (instrument.IsObservable)
            {
                gathering.Observe(value);
            }
            else
            {
                gathering.Add(gathering.Figure.Kind == FigureKind.Count && instrument is Histogram<double> ? 1 : value); // a duration is one thing that took it
            }
        }
    }
}
