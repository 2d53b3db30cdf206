using static AdminPortal.Core.Monitoring.MeasurementTags;

namespace AdminPortal.Core.Monitoring;

/// <summary>
/// Every figure that is kept and every plot that shows one. A new one needs an instrument (<see cref="PortalMeter"/>, or a framework's)
/// and its lines here: it is then gathered, stored, rolled up, forgotten in time and shown, without a word elsewhere.
/// </summary>
public static class Plots
{
    internal const string Server = "Microsoft.AspNetCore.Hosting";
    internal const string Requests = "http.server.request.duration";
    private const string Database = "Npgsql";
    private const string Queries = "db.client.operation.duration";
    private const string Connections = "db.client.connection.count";

    /// <summary>The live connections of devices, pages and their circuits last as long as somebody looks, which is no answer time.</summary>
    private static readonly string[] Endless = ["/api/devices/me/events", "/_blazor"];
    private static readonly string[] DeviceRoutes = ["/api/qr/pair", "/api/qr/permissions/requests", "/api/devices/me/ack"];
    private static readonly string[] ServiceRoutes = ["/api/qr/introspect", "/api/qr/authorize"];

    private static readonly Figure Completed = new("pairings-completed", FigureKind.Count, PortalMeter.Name, PortalMeter.PairingsCompleted);
    private static readonly Figure Removed = new("pairings-removed", FigureKind.Count, PortalMeter.Name, PortalMeter.PairingsRemoved);
    private static readonly Figure DeviceAnswers = new("device-answers", FigureKind.Time, Server, Requests, tags => Tag(tags, "http.route") is { } route && IsDevice(route));
    private static readonly Figure Introspections = new("introspection-answers", FigureKind.Time, Server, Requests, tags => Tag(tags, "http.route") is { } route && ServiceRoutes.Contains(route));
    private static readonly Figure OtherAnswers = new("other-answers", FigureKind.Time, Server, Requests,
        tags => Tag(tags, "http.route") is { } route && !IsDevice(route) && !SyncPlots.IsRoute(route) && !ServiceRoutes.Contains(route) && !Begins(route, Endless));
    private static readonly Figure DeviceQueries = new("device-queries", FigureKind.Time, Database, Queries, tags => IsKeyed(Tag(tags, "db.client.connection.pool.name")));
    private static readonly Figure OtherQueries = new("other-queries", FigureKind.Time, Database, Queries, tags => !IsKeyed(Tag(tags, "db.client.connection.pool.name")));
    private static readonly Figure Used = new("connections-used", FigureKind.Level, Database, Connections, tags => Tag(tags, "db.client.connection.state") == "used");
    private static readonly Figure InVain = new("connection-timeouts", FigureKind.Count, Database, "db.client.connection.npgsql.timeouts");
    private static readonly Figure FailedRequests = new("failed-requests", FigureKind.Count, Server, Requests, tags => Number(tags, "http.response.status_code") >= 500);
    private static readonly Figure LoggedErrors = new("logged-errors", FigureKind.Count, PortalMeter.Name, PortalMeter.LoggedErrors);

    /// <summary>In the order of the page.</summary>
    public static IReadOnlyList<PlotGroup> Groups { get; } =
    [
        new("Devices",
        [
            new("registrations", "Devices paired", "Pairings that devices have completed, pairing again included.", PlotUnit.Things, [new("paired", Completed, Reading.Total)]),
            new("pairings", "Pairings by state", "Rows of device_pairings, counted once a minute; from 10,000 on an estimate of the database.", PlotUnit.Things,
                [Pairings("active"), Pairings("expired"), Pairings("quarantined"), Pairings("revoked", "ended")]),
            Plot.OfTimes("device-answers", "Answer times for devices", "From a device's request to the end of the portal's answer, without live connections and sync.", DeviceAnswers),
            new("clean-up", "Pairings removed by the clean-up", "By the job “Expired pairings”.", PlotUnit.Things, [new("removed", Removed, Reading.Total)]),
        ]),
        new("Sync", SyncPlots.All),
        new("Pages and services",
        [
            Plot.OfTimes("pages", "Answer times for people", "Pages, exports and the rest of the API.", OtherAnswers),
            Plot.OfTimes("introspection", "Answer times for services", "Of introspection and of what proxies ask.", Introspections),
            new("errors", "Failures", "Requests answered with a status of 500 or above, and errors in the log.", PlotUnit.Things,
                [new("failed requests", FailedRequests, Reading.Total), new("errors in the log", LoggedErrors, Reading.Total)]),
        ]),
        new("Databases",
        [
            Plot.OfTimes("device-queries", "Query times of device calls", "The statements of device calls and pairings on the primary target, each by itself.", DeviceQueries),
            Plot.OfTimes("other-queries", "Query times of pages and jobs", "All other statements, on every database.", OtherQueries),
            new("connections", "Database connections in use", "Over all pools of an instance; “most” is the greatest of any instance at any moment it was looked at, “waited in vain” the calls that got none in time.", PlotUnit.Things,
                [new("mean", Used, Reading.Mean), new("most", Used, Reading.Most), new("waited in vain", InVain, Reading.Total)]),
        ]),
    ];

    /// <summary>Of every group.</summary>
    public static IReadOnlyList<Plot> All { get; } = [.. Groups.SelectMany(group => group.Plots)];

    /// <summary>Each once.</summary>
    public static IReadOnlyList<Figure> Figures { get; } = [.. All.SelectMany(plot => plot.Lines).Select(line => line.Figure).Distinct()];

    private static PlotLine Pairings(string state, string? title = null) => new(
        title ?? state, new Figure($"pairings-{state}", FigureKind.Level, PortalMeter.Name, PortalMeter.Pairings, tags => Tag(tags, PortalMeter.State) == state), Reading.Mean);

    private static bool IsDevice(string route) => Begins(route, DeviceRoutes);

    private static bool IsKeyed(string? pool) => pool?.EndsWith(Targets.DeviceDatabases.KeyedPool, StringComparison.Ordinal) == true;

    private static bool Begins(string route, string[] prefixes) => Array.Exists(prefixes, prefix => route.StartsWith(prefix, StringComparison.Ordinal));
}
