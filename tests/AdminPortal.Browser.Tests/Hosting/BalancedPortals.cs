using System.Diagnostics;
using System.Globalization;
using AdminPortal.Testing;

namespace AdminPortal.Browser.Tests.Hosting;

/// <summary>Two instances on one PostgreSQL behind a real HAProxy, with the configuration that the project ships.</summary>
public sealed class BalancedPortals : IAsyncLifetime
{
    private const string Email = "first-admin@portal.example";
    private const string Password = "heather-lantern-42-otter";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly PostgresCluster _cluster = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("adminportal-haproxy-");
    private readonly int _port = PortalProcess.FindFreePort();
    private Process? _haproxy;

    public static (string Email, string Password) Admin => (Email, Password);

    /// <summary>The balancer's.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}");

    /// <summary>By the name that the balancer's cookie gives them: a and b.</summary>
    public Dictionary<string, PortalProcess> Instances { get; } = [];

    public async ValueTask InitializeAsync()
    {
        var portal = await _cluster.CreatePortalDatabaseAsync();
        var main = await _cluster.CreateDeviceDatabaseAsync();
        foreach (var name in new[] { "a", "b" })
        {
            Instances[name] = new PortalProcess(_folder.CreateSubdirectory(name).FullName, new Dictionary<string, string>
            {
                ["PORTAL_ADMIN_EMAIL"] = Email,
                ["PORTAL_ADMIN_PASSWORD"] = Password,
                ["ConnectionStrings__Portal"] = portal.RuntimeConnectionString,
                ["ConnectionStrings__PortalOwner"] = portal.OwnerConnectionString,
                ["Portal__Targets__main__ConnectionString"] = main.RuntimeConnectionString,
                ["Portal__Targets__main__OwnerConnectionString"] = main.OwnerConnectionString,
                ["Portal__PublicUrl"] = Url,
                ["Portal__KnownProxies__0"] = "127.0.0.1",
                ["Portal__DrainSeconds"] = "16",
            });
            await Instances[name].StartAsync(CancellationToken.None);
        }

        await StartBalancerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_haproxy is { HasExited: false })
        {
            _haproxy.Kill();
            await _haproxy.WaitForExitAsync(CancellationToken.None);
        }

        _haproxy?.Dispose();
        await Task.WhenAll(Instances.Values.Select(instance => instance.DisposeAsync().AsTask()));
        foreach (var (name, instance) in Instances)
            await File.WriteAllTextAsync(Path.Combine(Repository.Artifacts("browser"), $"{nameof(BalancedPortals)}.{name}.log"), instance.Log);
        await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>The shipped file, with this test's addresses and without TLS.</summary>
    private async Task StartBalancerAsync()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "haproxy.cfg"));
        foreach (var (shipped, real) in new[]
        {
            ("    log /dev/log local0\n", ""), ("    log global\n", ""), ("    maxconn 20000\n", ""), ("    option httplog\n", ""),
            ("    bind :80\n", string.Create(CultureInfo.InvariantCulture, $"    bind 127.0.0.1:{_port}\n")),
            ("    bind :443 ssl crt /etc/haproxy/certs/portal.pem alpn h2,http/1.1\n", ""), ("    http-request redirect scheme https unless { ssl_fc }\n", ""),
            ("X-Forwarded-Proto https", "X-Forwarded-Proto http"), (" nocache httponly secure", " nocache httponly"),
            ("10.0.0.11:5080", AddressOf("a")), ("10.0.0.12:5080", AddressOf("b")),
            ("    server c 10.0.0.13:5080 cookie c\n", ""), ("    server c 10.0.0.13:5080 track pages/c\n", ""),
        })
        {
            Assert.Contains(shipped, text, StringComparison.Ordinal); // else the file has changed, and something else would be tested
            text = text.Replace(shipped, real, StringComparison.Ordinal);
        }

        var file = Path.Combine(_folder.FullName, "haproxy.cfg");
        await File.WriteAllTextAsync(file, text);
        _haproxy = Process.Start(new ProcessStartInfo("/usr/sbin/haproxy", ["-f", file, "-db"]) { RedirectStandardError = true, UseShellExecute = false })!;
        var errors = _haproxy.StandardError.ReadToEndAsync();
        using var http = new HttpClient();
        using var patience = new CancellationTokenSource(Patience);
        while (!await AnswersAsync(http, patience.Token))
        {
            if (_haproxy.HasExited)
                throw new InvalidOperationException($"HAProxy ended: {await errors}");
            await Task.Delay(100, patience.Token);
        }
    }

    private async Task<bool> AnswersAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"{Url}/health/ready"), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private string AddressOf(string instance) => new Uri(Instances[instance].Url).Authority;
}
