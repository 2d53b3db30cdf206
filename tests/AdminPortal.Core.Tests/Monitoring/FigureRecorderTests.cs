using System.Diagnostics.Metrics;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Monitoring;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.Monitoring;

/// <summary>From an instrument to the page: heard, written, put together.</summary>
public sealed class FigureRecorderTests(PairingDatabases databases) : PairingTest(databases), IAsyncLifetime
{
    private static readonly Actor Support = new("s", "Support", AccountRole.Support, null, null);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private IMeterFactory Factory => _services.GetRequiredService<IMeterFactory>();

    private FigureStore Figures => new(World.Accounts);

    public async ValueTask InitializeAsync()
    {
        await using var db = await World.Accounts.CreateDbContextAsync(Token);
        await db.FigureSamples.ExecuteDeleteAsync(Token);
    }

    [Fact]
    public async Task Flush_AfterAPairing_TheBoardShowsItAndItsQueries()
    {
        using var recorder = await StartedAsync(Figures);
        await World.PairAsync(await World.NewPersonAsync());

        Assert.True(await recorder.FlushAsync(Token));

        var view = (await Board().ReadAsync(Support, MonitoringRange.Find("1h"), Token))!;
        Assert.True(view.HasFigures);
        Assert.Equal(1, Values(view, "registrations", "paired").Sum());
        Assert.True(Values(view, "device-queries", "median").Max() is > 0 and < 60);
        Assert.Contains(view.Pools, pool => pool.Name == "main (device calls)" && pool is { Most: >= 25 } && pool.Used + pool.Idle > 0);
        Assert.True(view.Counts!.Active.Number > 0);
        Assert.Contains(view.Sizes!, size => size.Table.Table == "public.device_pairings");
        Assert.True(view.DatabaseBytes > 0);
    }

    [Fact]
    public async Task Board_NothingMeasuredYet_SaysSo() => Assert.False((await Board().ReadAsync(Support, MonitoringRange.Find(null), Token))!.HasFigures);

    [Fact]
    public async Task Board_ForAUser_IsNothing() => Assert.Null(await Board().ReadAsync(Support with { Role = AccountRole.User }, MonitoringRange.Find(null), Token));

    [Fact]
    public async Task Board_PrimaryTargetIsAway_ShowsTheFiguresAllTheSame()
    {
        using var recorder = await StartedAsync(Figures);
        await World.PairAsync(await World.NewPersonAsync());
        await recorder.FlushAsync(Token);
        await using var away = new DeviceDatabases(Options.Create(new PortalOptions
        {
            Targets = { ["main"] = new TargetOptions { ConnectionString = "Host=127.0.0.1;Port=1;Database=none;Username=nobody;Password=none;Timeout=2" } },
        }));

        var view = (await new MonitoringBoard(Figures, away, new SizeFigures(away, Figures), Errors()).ReadAsync(Support, MonitoringRange.Find("1h"), Token))!;

        Assert.Equal(1, Values(view, "registrations", "paired").Sum());
        Assert.True(view.Counts is null && view.Sizes is null);
    }

    [Theory]
    [InlineData("/api/qr/pair/{id}", 200, "device-answers", 0)]
    [InlineData("/api/qr/introspect", 200, "introspection", 0)]
    [InlineData("/api/qr/authorize", 204, "introspection", 0)]
    [InlineData("/devices", 500, "pages", 1)]
    [InlineData("/api/devices/me/events", 200, null, 0)]
    [InlineData("/api/sync/push", 503, "sync-push-times", 1)]
    [InlineData("/api/sync/pull", 200, "sync-pull-times", 0)]
    [InlineData("/api/devices/me", 200, null, 0)]
    public async Task Flush_ARequestOfARoute_IsInItsPlotOnly(string route, int status, string? plot, int failures)
    {
        using var recorder = await StartedAsync(Figures);
        using var meter = Factory.Create("Microsoft.AspNetCore.Hosting");
        using var other = new Meter("Microsoft.AspNetCore.Hosting", null, null, scope: new object());
        foreach (var source in new[] { meter, other })
        {
            source.CreateHistogram<double>("http.server.request.duration", "s").Record(
                source == meter ? 0.2 : 9, new KeyValuePair<string, object?>("http.route", route), new KeyValuePair<string, object?>("http.response.status_code", status));
        }

        await recorder.FlushAsync(Token);

        var view = (await Board().ReadAsync(Support, MonitoringRange.Find("1h"), Token))!;
        foreach (var id in new[] { "device-answers", "introspection", "pages", "sync-push-times", "sync-pull-times" })
        {
            var median = Values(view, id, "median").Max();
            Assert.True(id == plot ? median is > 0.18 and < 0.22 : median is null, $"{id}: {median}");
        }

        Assert.Equal(failures, Values(view, "errors", "failed requests").Sum());
    }

    [Fact]
    public async Task Flush_AfterSyncs_TheBoardShowsCallsOutcomesAndRegistrations()
    {
        using var recorder = await StartedAsync(Figures);
        using var meter = Factory.Create("Microsoft.AspNetCore.Hosting");
        var requests = meter.CreateHistogram<double>("http.server.request.duration", "s");
        foreach (var (route, status) in new[] { ("/api/sync/push", 200), ("/api/sync/push", 503), ("/api/sync/pull", 200), ("/api/devices/me", 200), ("/api/devices/me", 400) })
            requests.Record(0.1, new KeyValuePair<string, object?>("http.route", route), new KeyValuePair<string, object?>("http.response.status_code", status));
        World.Meter.Pushed(applied: 5, conflicts: 1, rejected: 2);

        await recorder.FlushAsync(Token);

        var view = (await Board().ReadAsync(Support, MonitoringRange.Find("1h"), Token))!;
        Assert.Equal((2, 1, 1), (Values(view, "syncs", "pushes").Sum(), Values(view, "syncs", "pulls").Sum(), Values(view, "sync-registrations", "registrations").Sum()));
        Assert.Equal((4, 1, 2), (Values(view, "sync-operations", "applied").Sum(), Values(view, "sync-operations", "conflicts").Sum(), Values(view, "sync-operations", "rejected").Sum()));
        Assert.True(Values(view, "sync-other-times", "registrations").Max() is > 0.09 and < 0.11);
    }

    [Fact]
    public async Task Flush_DatabaseIsAway_KeepsWhatItHeardForTheNextTime()
    {
        var gone = new PooledDbContextFactory<PortalDbContext>((DbContextOptions<PortalDbContext>)new DbContextOptionsBuilder<PortalDbContext>()
            .UseNpgsql("Host=127.0.0.1;Port=1;Database=none;Username=nobody;Password=none;Timeout=2").Options);
        var contexts = new Switch(gone);
        using var recorder = await StartedAsync(new FigureStore(contexts));
        World.Meter.Removed(3);
        Assert.False(await recorder.FlushAsync(Token));
        World.Meter.Removed(4);

        contexts.To = World.Accounts;
        Assert.True(await recorder.FlushAsync(Token));
        Assert.True(await recorder.FlushAsync(Token));

        Assert.Equal(7, (await Figures.ReadAsync(["pairings-removed"], null, MonitoringRange.Find("90d"), Token)).ByName["pairings-removed"].Values.Sum(s => s.Sum));
    }

    [Fact]
    public async Task Job_Runs_CountsPairingsAndMeasuresSizesOnceAnHour()
    {
        using var recorder = await StartedAsync(Figures);
        var phone = await World.PairAsync(await World.NewPersonAsync());
        var job = new MonitoringJob(World.Databases, World.Meter, Figures, new SizeFigures(World.Databases, Figures), new Core.Sync.SyncLineage(World.Accounts, World.Databases, new Core.Targets.KnownTargets(World.Accounts), new AuditLog(World.Accounts)));

        var result = await job.RunAsync(Token);
        await job.RunAsync(Token);
        await recorder.FlushAsync(Token);

        Assert.Contains(" active, ", result.Message, StringComparison.Ordinal);
        var range = MonitoringRange.Find("7d");
        var sizes = (await Figures.ReadAsync([], SizeFigures.Prefix, range, Token)).ByName[SizeFigures.TableName("public.device_pairings")];
        Assert.Equal(1, sizes.Values.Sum(s => s.Count));
        var view = (await Board().ReadAsync(Support, range, Token))!;
        Assert.Equal(view.Counts!.Active.Number, Values(view, "pairings", "active").Max());
        Assert.Contains(view.Sizes!, size => size is { Table.Table: "public.device_pairings", Growth: not null });
        Assert.Equal((view.Sync!.Devices.Number, view.Sync.Waiting.Number), ((long)Values(view, "sync-devices", "registered").Max()!, (long)Values(view, "sync-backlog", "devices with changes waiting").Max()!));
        Assert.NotEmpty(phone.PairingId);
    }

    private static IReadOnlyList<double?> Values(MonitoringView view, string plot, string line) => view.Plots.Single(p => p.Plot.Id == plot).Lines.Single(l => l.Title == line).Values;

    private async Task<FigureRecorder> StartedAsync(FigureStore store)
    {
        // It never flushes by itself within a test: a minute is long.
        var recorder = new FigureRecorder(World.Meter, Factory, store, Options.Create(new MonitoringOptions { FlushSeconds = 60 }), TimeProvider.System, NullLogger<FigureRecorder>.Instance);
        await recorder.StartAsync(Token);
        return recorder;
    }

    private MonitoringBoard Board() => new(Figures, World.Databases, new SizeFigures(World.Databases, Figures), Errors());

    private ErrorLog Errors() => new(World.Meter, TimeProvider.System);

    private sealed class Switch(IDbContextFactory<PortalDbContext> first) : IDbContextFactory<PortalDbContext>
    {
        public IDbContextFactory<PortalDbContext> To { get; set; } = first;

        public PortalDbContext CreateDbContext() => To.CreateDbContext();
    }
}
