using System.Diagnostics;
using AdminPortal.Core.Activity;
using AdminPortal.Core.ServiceKeys;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>
/// Seeded rubbish for every call of the API, from strangers, people and devices, with the limits out of the way: always an
/// answer with a reason, never an error of the server, never a trace of its inside.
/// </summary>
public sealed class HostileInputTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const int Seed = 20260;
    private const int Requests = 2000;
    private const int AtOnce = 8;
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private RunningPortal portal = null!;

    public async ValueTask InitializeAsync() => portal = await RunningPortal.StartAsync(
        cluster, None, "http://portal.example.org", new(ApiPortal.Settings)
        {
            ["Pairing:Limits:FailuresPerAddress"] = "100000",
            ["Pairing:Limits:ShortCodeMisses"] = "1000000",
            ["Pairing:Limits:CodesPerAccount"] = "100000",
            ["Pairing:Limits:CallsPerRevokedDevice"] = "100000",
        }, kestrel: true);

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task EveryCall_RandomBodiesHeadersAndNames_IsAnsweredWithAReason()
    {
        var watch = Stopwatch.StartNew();
        var random = new Random(Seed);
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.Zero });
        var bearers = await BearersAsync();
        var wrong = new List<string>();
        var statuses = new SortedDictionary<int, int>();
        var hostile = new HostileRequests(random, bearers, HostileRequests.Bodies(await SessionAsync(bearers[0]!)));
        for (var n = 0; n < Requests; n += AtOnce)
        {
            var answers = await Task.WhenAll(Enumerable.Range(n, AtOnce).Select(number => (number, hostile.Next(portal.Address))).ToList().ConvertAll(
                next => SendAsync(http, next.number, next.Item2)));
            wrong.AddRange(answers.Where(a => a.Wrong is not null).Select(a => a.Wrong!));
            foreach (var (status, _) in answers)
            {
                statuses[status] = statuses.GetValueOrDefault(status) + 1;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{watch.Elapsed.TotalSeconds:F1} s; {string.Join(", ", statuses.Select(s => $"{s.Key}: {s.Value}"))}");
        Assert.Empty(wrong);
        Assert.Contains(201, statuses.Keys); // some get through, or nothing was tested behind the door
        Assert.Contains(409, statuses.Keys);
    }

    private static async Task<(int Status, string? Wrong)> SendAsync(HttpClient http, int number, HttpRequestMessage made)
    {
        using var request = made;
        var told = $"#{number} {request.Method} {request.RequestUri!.PathAndQuery}";
        try
        {
            using var response = await http.SendAsync(request, None);
            var answer = await ApiAnswer.ReadAsync(response, None);
            var status = (int)answer.Status;
            return (status, IsAnswer(answer) ? null : $"{told}: {status} {answer.ContentType} {answer.Text[..Math.Min(answer.Text.Length, 200)]}");
        }
        catch (HttpRequestException cut)
        {
            // The server may hang up on who sends too much before that has read the answer.
            return (0, request.Content?.Headers.ContentLength > 8 * 1024 ? null : $"{told}: {cut}");
        }
    }

    private static bool IsAnswer(ApiAnswer answer) => (int)answer.Status switch
    {
        >= 200 and < 300 => true,
        // The server itself refuses what is no HTTP before the portal sees it, with no body.
        400 or 414 or 431 when answer.Text.Length == 0 && answer.ContentType is null => true,
        >= 400 and < 500 => answer.ContentType == "application/problem+json"
            && answer.Json.GetProperty("type").GetString()!.StartsWith("urn:adminportal:problem:", StringComparison.Ordinal)
            && !answer.Text.Contains("   at ", StringComparison.Ordinal) && !answer.Text.Contains("Exception", StringComparison.Ordinal),
        _ => false,
    };

    private async Task<string?[]> BearersAsync()
    {
        var bearers = new List<string?>();
        foreach (var role in Enum.GetValues<AccountRole>())
        {
            var email = await portal.AddAccountAsync(role, await portal.AddPersonAsync());
            var answer = await new ApiCaller(portal.Address).PostAsync("/api/auth/login", new { email, password = RunningPortal.Password });
            bearers.Add(answer.Json.GetProperty("accessToken").GetString());
        }

        bearers.Add(await portal.AddDeviceAsync(await portal.AddPersonAsync(), "d1"));
        var key = await portal.Services.GetRequiredService<ServiceKeyRegister>().CreateAsync(Actor.CommandLine, "Hostile", None);
        bearers.Add(((ServiceKeyOutcome.Created)key).Key);
        bearers.Add(null);
        return [.. bearers];
    }

    private async Task<ApiAnswer> SessionAsync(string bearer) =>
        await new ApiCaller(portal.Address, bearer).PostAsync("/api/qr/sessions", new { permissions = new[] { "WRITE_NOTES" } });
}
