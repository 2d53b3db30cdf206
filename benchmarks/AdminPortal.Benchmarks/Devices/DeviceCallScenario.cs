using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using AdminPortal.Core.Activity;
using AdminPortal.Core.ServiceKeys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AdminPortal.Benchmarks.Devices;

/// <summary>
/// A device's call with its bearer, and a service's question about such a bearer, beside endpoints on the same machine with bare
/// Npgsql: one that does one indexed SELECT and writes as much JSON, and one that answers the service's question by hand.
/// </summary>
internal sealed class DeviceCallScenario : IScenario
{
    private const int Tokens = 1000;
    private const int Calls = 400;
    private const int AtOnce = 8;
    private const int Rounds = 11;
    private const string OneSelect = """
        SELECT id, "deviceId", "userId", "isActive", "expiresAt" FROM public.device_pairings WHERE "sessionToken" = $1
        """;

    private const string KeySelect = """
        SELECT id FROM portal.service_keys WHERE "keyHash" = $1 AND "revokedAt" IS NULL
        """;

    private const string TokenSelect = """
        SELECT p."userId", p."deviceId", p."deviceType"::text, p."expiresAt",
            ARRAY(SELECT g.permission::text FROM public.device_permissions g WHERE g."devicePairingId" = p.id AND (g."expiresAt" IS NULL OR g."expiresAt" > now() AT TIME ZONE 'utc'))
        FROM public.device_pairings p WHERE p."sessionToken" = $1 AND p."isActive" AND p."expiresAt" > now() AT TIME ZONE 'utc'
        """;

    public string Name => "Device and service calls";

    public async Task RunAsync(BenchmarkWorld world, Report report, CancellationToken cancellationToken)
    {
        await using var portal = await BenchmarkPortal.StartAsync(world, cancellationToken);
        if (portal is null)
        {
            report.Note("Left out: a database was given, and these need the portal's own beside it.");
            return;
        }

        await world.ExecuteAsync(
            """
            WITH chosen AS (
                SELECT id, row_number() OVER (ORDER BY id) AS n FROM public.device_pairings
                WHERE "isActive" AND "expiresAt" > now() AT TIME ZONE 'utc' + interval '1 day' ORDER BY id LIMIT $1
            )
            UPDATE public.device_pairings p SET "sessionToken" = 'sha256:' || encode(sha256(convert_to('dvc_bench-' || $2 || '-' || c.n, 'UTF8')), 'hex')
            FROM chosen c WHERE c.id = p.id
            """, cancellationToken, Tokens, Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var key = await portal.Services.GetRequiredService<ServiceKeyRegister>().CreateAsync(Actor.CommandLine, $"Benchmark {Environment.ProcessId}", cancellationToken);
        await using var bare = BareServer(world.Source);
        await bare.StartAsync(cancellationToken);

        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = AtOnce });
        var bareAddress = new Uri(new Uri(bare.Urls.First()), "/bare");
        var bareIntrospect = new Uri(new Uri(bare.Urls.First()), "/bare/introspect");
        var self = new Uri(portal.Address, "/api/qr/pair");
        var introspect = new Uri(portal.Address, "/api/qr/introspect");
        Task Bare() => CallsAsync(http, n => Request(HttpMethod.Get, bareAddress, Token(n)), cancellationToken);

        await report.CompareAsync($"bearer call of a device, {Calls} calls, {AtOnce} at a time", () => CallsAsync(http, n => Request(HttpMethod.Get, self, Token(n)), cancellationToken), Bare, Rounds);
        var secret = ((ServiceKeyOutcome.Created)key).Key;
        Task Ask(Uri address) => CallsAsync(http, n => Request(HttpMethod.Post, address, secret, new { token = Token(n), scope = "WRITE_NOTES" }), cancellationToken);
        await report.CompareAsync($"introspection, {Calls} questions, {AtOnce} at a time, beside one SELECT", () => Ask(introspect), Bare, Rounds);
        await report.CompareAsync($"introspection, {Calls} questions, {AtOnce} at a time, beside the same answer by hand", () => Ask(introspect), () => Ask(bareIntrospect), Rounds);
        report.Note("One SELECT answers who the token belongs to, and nothing else. By hand: the body is read, the service's key and the token with its scopes are looked up, and the same fields are answered.");
    }

    private static string Token(int number) => $"dvc_bench-{Environment.ProcessId}-{(number % Tokens) + 1}";

    private static HttpRequestMessage Request(HttpMethod method, Uri address, string bearer, object? body = null) => new(method, address)
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", bearer) },
        Content = body is null ? null : JsonContent.Create(body),
    };

    private static Task CallsAsync(HttpClient http, Func<int, HttpRequestMessage> request, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(Enumerable.Range(0, Calls), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (n, token) =>
        {
            using var message = request(n);
            using var answer = await http.SendAsync(message, token);
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync(token);
        });

    private static WebApplication BareServer(NpgsqlDataSource source)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/bare", async (HttpContext context) =>
        {
            var token = context.Request.Headers.Authorization.ToString()["Bearer ".Length..];
            await using var command = source.CreateCommand(OneSelect);
            command.Parameters.Add(new NpgsqlParameter { Value = Hash(token) });
            await using var reader = await command.ExecuteReaderAsync(context.RequestAborted);
            return await reader.ReadAsync(context.RequestAborted)
                ? Results.Json(new { id = reader.GetString(0), deviceId = reader.GetString(1), userId = reader.GetString(2), isActive = reader.GetBoolean(3), expiresAt = reader.GetDateTime(4) })
                : Results.Unauthorized();
        });
        app.MapPost("/bare/introspect", async (HttpContext context) =>
        {
            var question = await context.Request.ReadFromJsonAsync<Question>(context.RequestAborted);
            await using (var known = source.CreateCommand(KeySelect))
            {
                known.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Hash(context.Request.Headers.Authorization.ToString()["Bearer ".Length..]) });
                if (await known.ExecuteScalarAsync(context.RequestAborted) is null)
                {
                    return Results.Unauthorized();
                }
            }

            await using var command = source.CreateCommand(TokenSelect);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Hash(question!.Token) });
            await using var reader = await command.ExecuteReaderAsync(context.RequestAborted);
            if (!await reader.ReadAsync(context.RequestAborted))
            {
                return Results.Json(new { active = false });
            }

            var scopes = reader.GetFieldValue<string[]>(4);
            return Results.Json(new
            {
                active = true,
                token_type = "Bearer",
                sub = reader.GetString(0),
                device_id = reader.GetString(1),
                device_type = reader.GetString(2),
                scope = string.Join(' ', scopes),
                exp = new DateTimeOffset(reader.GetDateTime(3), TimeSpan.Zero).ToUnixTimeSeconds(),
                allowed = scopes.Contains(question.Scope) || scopes.Contains("FULL_ACCESS"),
            });
        });
        return app;
    }

    private static string Hash(string secret) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private sealed record Question(string Token, string Scope);
}
