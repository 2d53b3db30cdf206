using System.Text.Json;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Tests.DataLayer;
using AdminPortal.Data;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Tests.Activity;

/// <summary>Each line of the record leaves the portal, once it cannot be taken back, and again when it was not taken.</summary>
public sealed class AuditShippingTests(PostgresCluster cluster) : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("audit").FullName;
    private Accounts.AccountsHost host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path => System.IO.Path.Combine(folder, "audit.jsonl");

    public async ValueTask InitializeAsync() => host = await Accounts.AccountsHost.StartAsync(cluster, Token);

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task File_GetsWhatHappensFromNowOn_EachLineOnce()
    {
        await NoteAsync("before");
        using var shipping = Shipping();
        await shipping.ShipAsync(Token);
        await NoteAsync("one \"quoted\"\nand broken");
        await Sql.ExecuteAsync(host.DeviceConnectionString, """INSERT INTO portal.device_events (kind, "userId", "deviceId", "pairingId", "actorId", detail) VALUES ('revoked', 'u1', 'd1', 'p1', 'admin', 'lost')""");

        await ShipAsync(shipping, () => File.Exists(Path) && File.ReadAllLines(Path).Length >= 2);

        var lines = (await File.ReadAllLinesAsync(Path, Token)).Select(line => JsonDocument.Parse(line).RootElement)
            .OrderByDescending(line => line.GetProperty("record").GetString(), StringComparer.Ordinal).ToList(); // each record in its order; which of the two comes first is left open
        Assert.Equal(["portal", "devices"], lines.Select(line => line.GetProperty("record").GetString()));
        Assert.Equal(("test.noted", "one \"quoted\"\nand broken", "command-line"), (lines[0].GetProperty("action").GetString(), lines[0].GetProperty("reason").GetString(), lines[0].GetProperty("actorId").GetString()));
        Assert.Equal(("revoked", "p1", "u1", "lost"), (lines[1].GetProperty("action").GetString(), lines[1].GetProperty("subject").GetString(), lines[1].GetProperty("userId").GetString(), lines[1].GetProperty("detail").GetString()));
        Assert.True(lines[0].GetProperty("at").TryGetDateTimeOffset(out _));
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite));
    }

    [Fact]
    public async Task File_ThatIsRotated_GoesOnInTheNewOne()
    {
        using var shipping = Shipping();
        await shipping.ShipAsync(Token);
        await NoteAsync("one");
        await ShipAsync(shipping, () => IsWritten(Path));

        File.Move(Path, Path + ".1"); // logrotate's create
        await NoteAsync("two");
        await ShipAsync(shipping, () => IsWritten(Path));
        File.Copy(Path, Path + ".2"); // logrotate's copytruncate
        await File.WriteAllTextAsync(Path, "", Token);
        await NoteAsync("three");
        await ShipAsync(shipping, () => IsWritten(Path));

        Assert.Equal(["one", "two", "three"], new[] { Path + ".1", Path + ".2", Path }.Select(file => JsonDocument.Parse(Assert.Single(File.ReadAllLines(file))).RootElement.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Sink_ThatIsAway_GetsTheLinesLater_AnotherProcessGoesOnWhereOneEnded()
    {
        var sink = new Remembered();
        using (var shipping = Shipping(sink))
        {
            await shipping.ShipAsync(Token);
            await NoteAsync("one");
            sink.IsAway = true;
            await ShipAsync(shipping, () => sink.Tries > 0);
            Assert.Empty(sink.Lines);
            sink.IsAway = false;
            await ShipAsync(shipping, () => sink.Lines.Count > 0);
        }

        await NoteAsync("two");
        using var next = Shipping(sink);
        await ShipAsync(next, () => sink.Lines.Count > 1);

        Assert.Equal(["one", "two"], sink.Lines.Select(line => line.Reason));
    }

    /// <summary>Its id is smaller than those that are shipped already when it commits.</summary>
    [Fact]
    public async Task Line_OfATransactionThatCommitsLate_IsNotMissed()
    {
        var sink = new Remembered();
        using var shipping = Shipping(sink);
        await shipping.ShipAsync(Token);
        await using var connection = new NpgsqlConnection(host.RuntimeConnectionString);
        await connection.OpenAsync(Token);
        await using (var slow = await connection.BeginTransactionAsync(Token))
        {
            await connection.ExecuteAsync("""INSERT INTO portal.audit_events ("actorId", action, outcome, reason) VALUES ('a', 'test.noted', 'ok', 'slow')""");
            await NoteAsync("quick");
            await ShipAsync(shipping);
            Assert.Empty(sink.Lines);
            await slow.CommitAsync(Token);
        }

        await ShipAsync(shipping, () => sink.Lines.Count > 1);

        Assert.Equal(["slow", "quick"], sink.Lines.Select(line => line.Reason));
    }

    [Fact]
    public async Task Lines_OfMoreThanABatch_ComeInTheirOrder()
    {
        var sink = new Remembered();
        using var shipping = Shipping(sink);
        await shipping.ShipAsync(Token);
        await Sql.ExecuteAsync(host.RuntimeConnectionString, """INSERT INTO portal.audit_events ("actorId", action, outcome, reason) SELECT 'a', 'test.noted', 'ok', n::text FROM generate_series(1, 1200) n""");

        await ShipAsync(shipping, () => sink.Lines.Count >= 1200);

        Assert.Equal(Enumerable.Range(1, 1200).Select(n => $"{n}"), sink.Lines.Select(line => line.Reason));
    }

    [Fact]
    public void Settings_WithAFileThatCannotBeWritten_AreRefused() =>
        Assert.Contains("Audit:File", Assert.Single(new AuditOptionsValidator().Validate(null, new AuditOptions { File = System.IO.Path.Combine(folder, "no", "such", "folder") }).Failures!), StringComparison.Ordinal);

    private static bool IsWritten(string path) => File.Exists(path) && new FileInfo(path).Length > 0;

    private AuditShipping Shipping(IAuditSink? sink = null) => new(
        [sink ?? new AuditFile(Options.Create(new AuditOptions { File = Path }))], host.Get<IDbContextFactory<PortalDbContext>>(), host.Get<DeviceDatabases>(), TimeProvider.System, NullLogger<AuditShipping>.Instance);

    private Task NoteAsync(string reason) => host.Get<AuditLog>().WriteAsync(Actor.CommandLine, "test.noted", null, "ok", reason, Token);

    /// <summary>The first round may only mark, and transactions of other tests on the server hold it back.</summary>
    private static async Task ShipAsync(AuditShipping shipping, Func<bool>? until = null)
    {
        var rounds = 0;
        while (until?.Invoke() == false || rounds++ < 3)
        {
            await shipping.ShipAsync(Token);
            await Task.Delay(10, Token);
        }
    }

    private sealed class Remembered : IAuditSink
    {
        public bool IsAway { get; set; }

        public int Tries { get; private set; }

        public List<AuditLine> Lines { get; } = [];

        public string? Name => "remembered";

        public Task WriteAsync(IReadOnlyList<AuditLine> lines, CancellationToken cancellationToken)
        {
            Tries++;
            if (IsAway)
            {
                throw new IOException("away");
            }

            Lines.AddRange(lines);
            return Task.CompletedTask;
        }
    }
}
