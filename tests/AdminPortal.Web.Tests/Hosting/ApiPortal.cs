using AdminPortal.Core.Targets;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Pairing;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>
/// One portal on a real socket for all tests of the API. Every test makes its own people and calls from addresses of its
/// own, so that the limits are those of the product and still nobody disturbs anybody.
/// </summary>
public sealed class ApiPortal(PostgresCluster cluster) : IAsyncLifetime
{
    internal RunningPortal Portal { get; private set; } = null!;

    /// <summary>For a test that needs a portal of its own.</summary>
    internal PostgresCluster Cluster => cluster;

    /// <summary>Believes X-Forwarded-For of the loopback address: the address of each caller.</summary>
    internal static Dictionary<string, string?> Settings => new() { ["Portal:KnownProxies:0"] = "127.0.0.1" };

    public async ValueTask InitializeAsync() => Portal = await RunningPortal.StartAsync(
        cluster, TestContext.Current.CancellationToken, publicUrl: "http://portal.example.org", Settings, kestrel: true);

    public ValueTask DisposeAsync() => Portal.DisposeAsync();

    internal ApiCaller Anyone(string? bearer = null, string? address = null) => new(Portal.Address, bearer, address);

    /// <summary>A program of a new account, which is linked to a new person.</summary>
    internal async Task<ApiPerson> NewPersonAsync(AccountRole role = AccountRole.User, bool linked = true)
    {
        var id = linked ? await Portal.AddPersonAsync("Anna") : "";
        var email = await Portal.AddAccountAsync(role, linked ? id : null);
        var caller = Anyone();
        var answer = await caller.PostAsync("/api/auth/login", new { email, password = RunningPortal.Password });
        return new ApiPerson(id, email, caller.With(answer.Json.GetProperty("accessToken").GetString()));
    }

    /// <summary>Another writer on the primary target, such as the host application.</summary>
    internal ValueTask<NpgsqlConnection> OpenAsync() =>
        Portal.Services.GetRequiredService<DeviceDatabases>().PrimaryDataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);

    /// <summary>One that may empty tables.</summary>
    internal async Task<NpgsqlConnection> OpenOwnerAsync()
    {
        var connection = new NpgsqlConnection(Portal.Services.GetRequiredService<TargetAccess>().Owner("main").ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    /// <summary>Changes a pairing session behind the portal's back, as time would.</summary>
    internal async Task ChangeSessionAsync(string sessionId, Action<PairingSession> change)
    {
        await using var db = Portal.Services.GetRequiredService<DeviceDatabases>().CreateDbContext();
        change(await db.PairingSessions.SingleAsync(s => s.Id == sessionId));
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    }
}

/// <param name="Id">In <c>users</c> of the primary target.</param>
internal sealed record ApiPerson(string Id, string Email, ApiCaller Api);
