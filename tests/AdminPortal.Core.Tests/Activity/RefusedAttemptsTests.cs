using AdminPortal.Core.Activity;
using AdminPortal.Core.Tests.Accounts;
using AdminPortal.Data;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace AdminPortal.Core.Tests.Activity;

/// <summary>What was refused leaves a trace, and a flood of it a small one.</summary>
public sealed class RefusedAttemptsTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private AccountsHost host = null!;

    public async ValueTask InitializeAsync() => host = await AccountsHost.StartAsync(cluster, None);

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Note_TwoHundredOfOneSource_AreRecordedBounded()
    {
        for (var i = 0; i < 200; i++)
        {
            await host.Get<RefusedAttempts>().NoteAsync(Actor.Anonymous("192.0.2.1"), "POST /api/qr/pair", "code-wrong");
        }

        await host.Get<RefusedAttempts>().NoteAsync(Actor.Anonymous("192.0.2.2"), "POST /api/qr/pair", "code-wrong");
        await using var db = await host.Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(None);
        var rows = await db.AuditEvents.Where(e => EF.Functions.Like(e.Action, "request.refused%")).Select(e => new { e.Address, e.Action, e.Subject, e.Reason }).ToListAsync(None);
        Assert.Equal(RefusedAttempts.PerHour + 1, rows.Count(r => r.Address == "192.0.2.1"));
        Assert.Single(rows, r => r is { Address: "192.0.2.1", Action: "request.refused-often" });
        Assert.Single(rows, r => r is { Address: "192.0.2.2", Action: "request.refused", Subject: "POST /api/qr/pair", Reason: "code-wrong" });
    }

    /// <summary>Whoever has a network of its own for every try fills the record no more than one source does.</summary>
    [Fact]
    public async Task Note_OfMoreSourcesThanAreCounted_IsBoundedToo()
    {
        using var attempts = new RefusedAttempts(host.Get<AuditLog>(), NullLogger<RefusedAttempts>.Instance, TimeProvider.System) { MostSources = 3 };
        for (var i = 0; i < 100; i++)
        {
            await attempts.NoteAsync(Actor.Anonymous($"198.51.100.{i}"), "POST /api/qr/pair", "code-wrong");
        }

        await using var db = await host.Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(None);
        Assert.Equal(3 + RefusedAttempts.PerHour + 1, await db.AuditEvents.CountAsync(e => EF.Functions.Like(e.Action, "request.refused%"), None));
    }
}
