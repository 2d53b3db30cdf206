using AdminPortal.Core.Activity;
using AdminPortal.Core.Bulk;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data;
using AdminPortal.Data.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Tests.Bulk;

/// <summary>The services of bulk acts as one portal process holds them, with a worker that a test starts when it wants to.</summary>
internal sealed class BulkPortal : IAsyncDisposable
{
    private readonly NpgsqlDataSource _portal;
    private readonly RunSignal _signal = new();
    private readonly RunPlace _place = new(KeepsItsRuns: false);
    private readonly RunWorker _worker;

    public BulkPortal(PairingWorld world, string portalConnection, params IRunWork[] others)
    {
        _portal = DatabaseOptions.CreateDataSource(portalConnection);
        Contexts = new PooledDbContextFactory<PortalDbContext>(
            ((DbContextOptionsBuilder<PortalDbContext>)new DbContextOptionsBuilder<PortalDbContext>().UsePortalDatabase(_portal)).Options);
        Selections = new DeviceSelections(world.Databases);
        Previews = new BulkPreviews(world.Databases);
        Runs = new OperationRuns(Contexts, _signal, _place);
        Acts = new BulkActs(world.Databases, Runs, Contexts, TimeProvider.System);
        var options = Options.Create(new RunOptions { StaleSeconds = 2 });
        var claims = new RunClaims(Contexts, TimeProvider.System);
        var execution = new RunExecution(
            claims, _place, others.Length > 0 ? others : [new BulkWork(world.Databases)], options, TimeProvider.System, NullLogger<RunExecution>.Instance);
        _worker = new RunWorker(claims, execution, _place, _signal, options, NullLogger<RunWorker>.Instance);
    }

    public IDbContextFactory<PortalDbContext> Contexts { get; }

    public DeviceSelections Selections { get; }

    public BulkPreviews Previews { get; }

    public BulkActs Acts { get; }

    public OperationRuns Runs { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task WorkAsync() => _worker.StartAsync(Token);

    public Task ShutDownAsync() => _worker.StopAsync(Token);

    /// <summary>Waits for the run's end.</summary>
    public Task<RunRow> EndOfAsync(Actor actor, string runId) => WaitForAsync(actor, runId, run => run.IsFinished);

    public async Task<RunRow> WaitForAsync(Actor actor, string runId, Func<RunRow, bool> condition)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(40));
        while (true)
        {
            var run = await Runs.FindAsync(actor, runId, timeout.Token);
            if (run is not null && condition(run))
                return run;
            await Task.Delay(20, timeout.Token);
        }
    }

    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = _portal.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(Token);
    }

    public async Task<long> AuditAsync(string runId, string action)
    {
        await using var db = await Contexts.CreateDbContextAsync(Token);
        return await db.AuditEvents.LongCountAsync(e => e.Subject == runId && e.Action == action, Token);
    }

    public async Task<OperationRun> RowAsync(string runId)
    {
        await using var db = await Contexts.CreateDbContextAsync(Token);
        return await db.OperationRuns.AsNoTracking().SingleAsync(r => r.Id == runId, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.StopAsync(CancellationToken.None);
        _worker.Dispose();
        _signal.Dispose();
        await _portal.DisposeAsync();
    }
}
