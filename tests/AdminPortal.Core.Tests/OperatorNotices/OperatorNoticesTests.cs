using System.Net;
using System.Text.Json;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Jobs;
using AdminPortal.Core.Mail;
using AdminPortal.Core.OperatorNotices;
using AdminPortal.Core.Tests.Migrations;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Jobs;
using AdminPortal.Data.Notices;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.OperatorNotices;

/// <summary>Who runs the portal hears of what failed, once, as they chose; the webhook is called, signed, and again where it did not answer.</summary>
public sealed class OperatorNoticesTests(PostgresCluster cluster)
{
    private const string Secret = "a secret of enough length";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tell_FailedJob_TellsWhoChoseIt_Once()
    {
        await using var world = await WorldAsync();
        var support = OperationsWorld.Support with { Id = "sam" };
        Assert.Equal(Enum.GetValues<OperatorTopic>(), await world.Get<OperatorChoices>().FindAsync(OperationsWorld.Admin with { Id = "ada" }, Token));
        Assert.Empty(await world.Get<OperatorChoices>().FindAsync(support, Token));
        await world.Get<OperatorChoices>().SaveAsync(support, [OperatorTopic.Jobs, OperatorTopic.Queues], Token);
        Assert.Equal([OperatorTopic.Jobs, OperatorTopic.Queues], await world.Get<OperatorChoices>().FindAsync(support, Token));
        await FailJobAsync(world);

        await world.Get<OperatorDispatch>().TellAsync(Token);
        await world.Get<OperatorDispatch>().TellAsync(Token);

        await using var db = await PortalAsync(world);
        var told = await db.Notices.Where(n => n.Kind == NoticeKind.JobFailed).OrderBy(n => n.AccountId).ToListAsync(Token);
        Assert.Equal(["ada", "sam"], told.Select(n => n.AccountId));
        Assert.All(told, n => Assert.Equal("No room.", n.Detail));
    }

    [Fact]
    public async Task Tell_TopicThatAnAdminTookBack_TellsThemNothing()
    {
        await using var world = await WorldAsync();
        await world.Get<OperatorChoices>().SaveAsync(OperationsWorld.Admin with { Id = "ada" }, [OperatorTopic.Alerts], Token);
        await FailJobAsync(world);

        await world.Get<OperatorDispatch>().TellAsync(Token);

        await using var db = await PortalAsync(world);
        Assert.Empty(await db.Notices.ToListAsync(Token));
        Assert.False(await world.Get<OperatorChoices>().SaveAsync(new Actor("u", "Ben", AccountRole.User, null, null), [], Token));
    }

    /// <summary>Whoever tries from however many sources fills nobody's list of notices.</summary>
    [Theory]
    [InlineData("request.refused", 99, 0)]
    [InlineData("request.refused", 100, 1)]
    [InlineData("sign-in.failed", 100, 1)]
    [InlineData("request.refused-often", 3, 1)]
    [InlineData("sign-in.ok", 300, 0)]
    public async Task Tell_ManyRefusedAttempts_TellsOnceAnHour(string action, int count, int expected)
    {
        await using var world = await WorldAsync();
        await using var db = await PortalAsync(world);
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO portal.audit_events ("actorId", action, outcome, address, at) SELECT 'anonymous', {action}, 'refused', '192.0.2.' || n % 7, date_trunc('hour', now()) - interval '1 min' FROM generate_series(1, {count}) n
            """, Token);

        await world.Get<OperatorDispatch>().TellAsync(Token);
        await world.Get<OperatorDispatch>().TellAsync(Token);

        var told = await db.Notices.Where(n => n.Kind == NoticeKind.AttemptsRefused).ToListAsync(Token);
        Assert.Equal(expected, told.Count);
        Assert.All(told, n => Assert.Equal(($"{count:N0} attempts", $"from {Math.Min(count, 7)} sources"), (n.DeviceTitle, n.Detail)));
    }

    [Fact]
    public async Task Webhook_IsCalledSigned_AndAgainAfterARefusal()
    {
        await using var world = await WorldAsync();
        using var receiver = new Receiver();
        var options = Options.Create(new WebhookOptions { Url = receiver.Address, Secret = Secret });
        using var calls = new WebhookCalls(world.Get<IDbContextFactory<PortalDbContext>>(), options, TimeProvider.System);
        var dispatch = new OperatorDispatch(
            world.Get<OperatorEvents>(), world.Get<IDbContextFactory<PortalDbContext>>(), world.Get<SmtpMail>(), world.Get<MailQueue>(), options, world.Get<IOptions<Core.Targets.PortalOptions>>());
        await FailJobAsync(world);
        await dispatch.TellAsync(Token);
        await dispatch.TellAsync(Token);

        receiver.Answer = HttpStatusCode.InternalServerError;
        Assert.True(await calls.SendNextAsync(Token));
        Assert.False(await calls.SendNextAsync(Token)); // it waits
        await using var db = await PortalAsync(world);
        Assert.Equal(("pending", 1, "The receiver answered 500."), await CallAsync(db));

        receiver.Answer = HttpStatusCode.NoContent;
        await db.WebhookCalls.ExecuteUpdateAsync(set => set.SetProperty(c => c.NextTryAt, TimeProvider.System.GetUtcNow().AddSeconds(-1)), Token);
        Assert.True(await calls.SendNextAsync(Token));
        Assert.Equal("sent", await db.WebhookCalls.Select(c => c.State).SingleAsync(Token));
        Assert.Equal(2, receiver.Calls.Count);
        var (id, seconds, signature, body) = receiver.Calls[1];
        Assert.Equal(receiver.Calls[0].Id, id); // the receiver knows it again
        Assert.Equal(WebhookCalls.Sign(Secret, id, long.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture), body), signature);
        Assert.Equal(NoticeKind.JobFailed, JsonDocument.Parse(body).RootElement.GetProperty("type").GetString());
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("https://hooks.example.org/a", Secret, true)]
    [InlineData("https://hooks.example.org/a", "short", false)]
    [InlineData("hooks.example.org", Secret, false)]
    [InlineData("ftp://hooks.example.org", Secret, false)]
    public void Options_ThatCannotWork_AreRefusedAtTheStart(string? url, string? secret, bool works) =>
        Assert.Equal(works, new WebhookOptionsValidator().Validate(null, new WebhookOptions { Url = url, Secret = secret }).Succeeded);

    [Fact]
    public async Task Webhook_FailedCall_IsListedAndSentAgain()
    {
        await using var world = await WorldAsync();
        await using var db = await PortalAsync(world);
        db.WebhookCalls.Add(new WebhookCall { Kind = NoticeKind.JobFailed, Source = "s", Body = "{}", State = "failed", Tries = 5, LastError = "The receiver answered 500.", At = TimeProvider.System.GetUtcNow() });
        await db.SaveChangesAsync(Token);
        var board = world.Get<WebhookBoard>();

        var queue = (await board.ReadAsync(OperationsWorld.Admin, Token))!;
        Assert.Equal((0, 1, "The receiver answered 500."), (queue.Waiting, queue.Failed, queue.Rows[0].Error));
        Assert.Equal(1, await board.SendAgainAsync(OperationsWorld.Admin, Token));
        queue = (await board.ReadAsync(OperationsWorld.Admin, Token))!;
        Assert.Equal((1, 0), (queue.Waiting, queue.Failed));
        Assert.Null(await board.ReadAsync(OperationsWorld.Support, Token));
        Assert.StartsWith("This portal has no webhook", await board.TestAsync(OperationsWorld.Admin, Token), StringComparison.Ordinal);
    }

    private static async Task<(string State, int Tries, string? Error)> CallAsync(PortalDbContext db)
    {
        var call = await db.WebhookCalls.AsNoTracking().SingleAsync(Token);
        return (call.State, call.Tries, call.LastError);
    }

    private static Task<PortalDbContext> PortalAsync(OperationsWorld world) => world.Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(Token);

    private static async Task FailJobAsync(OperationsWorld world)
    {
        await using var db = await PortalAsync(world);
        db.JobRuns.Add(new JobRun { Job = JobNames.Backups, StartedBy = JobRuns.Schedule, Instance = "i", Outcome = JobOutcome.Failed, Message = "No room.", FinishedAt = TimeProvider.System.GetUtcNow() });
        await db.SaveChangesAsync(Token);
    }

    /// <summary>With an admin, somebody of support and a user.</summary>
    private async Task<OperationsWorld> WorldAsync()
    {
        var world = await OperationsWorld.CreateAsync(cluster, migrated: true);
        await using var db = await PortalAsync(world);
        db.Accounts.AddRange(Account("ada", AccountRole.Admin), Account("sam", AccountRole.Support), Account("ben", AccountRole.User));
        await db.SaveChangesAsync(Token);
        return world;

        static Account Account(string name, AccountRole role) => new() { Id = name, UserName = name, NormalizedUserName = name, Email = $"{name}@example.org", NormalizedEmail = name, Role = role };
    }

    /// <summary>A receiver of webhooks on this machine.</summary>
    private sealed class Receiver : IDisposable
    {
        private readonly HttpListener listener = new();

        public Receiver()
        {
            Address = $"http://127.0.0.1:{Port()}/hook/";
            listener.Prefixes.Add(Address);
            listener.Start();
            _ = ListenAsync();
        }

        public string Address { get; }

        public HttpStatusCode Answer { get; set; }

        public List<(string Id, string Seconds, string Signature, string Body)> Calls { get; } = [];

        public void Dispose() => listener.Close();

        private static int Port()
        {
            using var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            socket.Start();
            return ((IPEndPoint)socket.LocalEndpoint).Port;
        }

        private async Task ListenAsync()
        {
            while (listener.IsListening)
            {
                HttpListenerContext call;
                try
                {
                    call = await listener.GetContextAsync();
                }
                catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                using var reader = new StreamReader(call.Request.InputStream);
                Calls.Add((call.Request.Headers["webhook-id"]!, call.Request.Headers["webhook-timestamp"]!, call.Request.Headers["webhook-signature"]!, await reader.ReadToEndAsync()));
                call.Response.StatusCode = (int)Answer;
                call.Response.Close();
            }
        }
    }
}
