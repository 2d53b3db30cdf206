using System.Diagnostics.Metrics;

namespace AdminPortal.Core.Monitoring;

/// <summary>
/// The portal's own instruments, named and measured by the conventions of OpenTelemetry. What the frameworks measure (requests, queries,
/// pools, the runtime) is theirs and not measured twice.
/// </summary>
public sealed class PortalMeter : IDisposable
{
    public const string Name = "AdminPortal";
    public const string PairingsCompleted = "adminportal.pairing.completed";
    public const string PairingsRemoved = "adminportal.pairing.removed";
    public const string Pairings = "adminportal.pairing.count";
    public const string SyncDevices = "adminportal.sync.device.count";
    public const string WaitingDevices = "adminportal.sync.device.waiting";
    public const string UnstampedChanges = "adminportal.sync.change.unstamped";
    public const string SyncOperations = "adminportal.sync.operations";
    public const string LoggedErrors = "adminportal.log.errors";

    /// <summary>The tag of <see cref="Pairings"/>: a state's word in lower case.</summary>
    public const string State = "adminportal.pairing.state";

    /// <summary>The tag of <see cref="SyncOperations"/>: applied, conflict or rejected.</summary>
    public const string SyncOutcome = "adminportal.sync.outcome";

    private readonly Meter meter = new(Name);
    private readonly Counter<long> completed;
    private readonly Counter<long> removed;
    private readonly Gauge<long> pairings;
    private readonly Gauge<long> syncDevices;
    private readonly Gauge<long> waitingDevices;
    private readonly Gauge<long> unstampedChanges;
    private readonly Counter<long> syncOperations;
    private readonly Counter<long> errors;

    public PortalMeter()
    {
        completed = meter.CreateCounter<long>(PairingsCompleted, "{pairing}", "Pairings that a device has completed, pairing again included.");
        removed = meter.CreateCounter<long>(PairingsRemoved, "{pairing}", "Pairings that the clean-up has removed.");
        pairings = meter.CreateGauge<long>(Pairings, "{pairing}", "Pairings in each state, as the last instance that counted them found.");
        syncDevices = meter.CreateGauge<long>(SyncDevices, "{device}", "Devices that are registered for sync.");
        waitingDevices = meter.CreateGauge<long>(WaitingDevices, "{device}", "Devices that said at their last call that changes wait on them.");
        unstampedChanges = meter.CreateGauge<long>(UnstampedChanges, "{change}", "Changes that get their version at the person's next sync.");
        syncOperations = meter.CreateCounter<long>(SyncOperations, "{operation}", "Operations that devices pushed, at their first arrival.");
        errors = meter.CreateCounter<long>(LoggedErrors, "{error}", "Errors in the log.");
    }

    internal bool Owns(Instrument instrument) => ReferenceEquals(instrument.Meter, meter);

    internal void Completed() => completed.Add(1);

    internal void Removed(long count) => removed.Add(count);

    internal void Counted(string state, long count) => pairings.Record(count, new KeyValuePair<string, object?>(State, state));

    internal void CountedSync(SyncCounts counts)
    {
        syncDevices.Record(counts.Devices.Number);
        waitingDevices.Record(counts.Waiting.Number);
        unstampedChanges.Record(counts.Unstamped.Number);
    }

    /// <param name="applied">Of them, <paramref name="conflicts"/> replaced another device's value.</param>
    public void Pushed(int applied, int conflicts, int rejected)
    {
        Add("applied", applied - conflicts);
        Add("conflict", conflicts);
        Add("rejected", rejected);

        void Add(string outcome, int count)
        {
            if (count > 0)
            {
                syncOperations.Add(count, new KeyValuePair<string, object?>(SyncOutcome, outcome));
            }
        }
    }

    internal void Failed() => errors.Add(1);

    public void Dispose() => meter.Dispose();
}
