using static AdminPortal.Core.Monitoring.MeasurementTags;

namespace AdminPortal.Core.Monitoring;

/// <summary>What operators look at when many devices sync: how many there are, how often they call, what comes of it, how long it takes and what waits.</summary>
internal static class SyncPlots
{
    private const string PushRoute = "/api/sync/push";
    private const string PullRoute = "/api/sync/pull";
    private const string ReportRoute = "/api/sync/report";
    private const string RegisterRoute = "/api/devices/me";
    private static readonly Figure Pushes = Answers("sync-push-answers", PushRoute);
    private static readonly Figure Pulls = Answers("sync-pull-answers", PullRoute);

    public static IReadOnlyList<Plot> All { get; } =
    [
        new("sync-devices", "Devices registered for sync", "Rows of devices, counted once a minute.", PlotUnit.Things,
            [new("registered", Level("sync-devices", PortalMeter.SyncDevices), Reading.Mean)]),
        new("sync-registrations", "Registrations for sync", "Of new devices, and again after each update of the app or change of the push token.", PlotUnit.Things,
            [new("registrations", new Figure("sync-registrations", FigureKind.Count, Plots.Server, Plots.Requests, tags => IsAnswer(tags, RegisterRoute) && Number(tags, "http.response.status_code") == 200), Reading.Total)]),
        new("syncs", "Syncs", "Requests of devices to push or to pull that were answered, refused ones included.", PlotUnit.Things,
            [new("pushes", Count("sync-pushes", PushRoute), Reading.Total), new("pulls", Count("sync-pulls", PullRoute), Reading.Total)]),
        new("sync-operations", "Operations pushed", "What came of each operation at its first arrival; a conflict is applied too, and what it replaced is kept.", PlotUnit.Things,
            [Operations("applied"), Operations("conflict", "conflicts"), Operations("rejected")]),
        Plot.OfTimes("sync-push-times", "Answer times of pushes", "From the request, with its waiting for a turn, to the end of the answer; up to 100 operations each.", Pushes),
        Plot.OfTimes("sync-pull-times", "Answer times of pulls", "As for pushes; up to 500 rows each.", Pulls),
        new("sync-other-times", "Answer times of registrations and reports", "The 95th percentile of each.", PlotUnit.Seconds,
            [new("registrations", Answers("sync-register-answers", RegisterRoute), Reading.P95), new("reports", Answers("sync-report-answers", ReportRoute), Reading.P95)]),
        new("sync-backlog", "Sync backlog", "Devices that said at their last call that changes wait on them, and changes of host programs that get their version at the person's next sync; counted once a minute.", PlotUnit.Things,
            [new("devices with changes waiting", Level("sync-waiting-devices", PortalMeter.WaitingDevices), Reading.Mean), new("changes without version", Level("sync-unstamped", PortalMeter.UnstampedChanges), Reading.Mean)]),
    ];

    public static bool IsRoute(string route) => route is PushRoute or PullRoute or ReportRoute or RegisterRoute;

    private static Figure Answers(string name, string route) => new(name, FigureKind.Time, Plots.Server, Plots.Requests, tags => IsAnswer(tags, route));

    private static Figure Count(string name, string route) => new(name, FigureKind.Count, Plots.Server, Plots.Requests, tags => IsAnswer(tags, route));

    private static Figure Level(string name, string instrument) => new(name, FigureKind.Level, PortalMeter.Name, instrument);

    private static PlotLine Operations(string outcome, string? title = null) => new(
        title ?? outcome,
        new Figure($"sync-operations-{outcome}", FigureKind.Count, PortalMeter.Name, PortalMeter.SyncOperations, tags => Tag(tags, PortalMeter.SyncOutcome) == outcome), Reading.Total);

    private static bool IsAnswer(ReadOnlySpan<KeyValuePair<string, object?>> tags, string route) => Tag(tags, "http.route") == route;
}
