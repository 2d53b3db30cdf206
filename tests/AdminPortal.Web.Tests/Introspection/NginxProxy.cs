using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Tests.Introspection;

/// <summary>A real nginx with the configuration that docs/introspection.md shows, between a service and the portal of a test.</summary>
internal sealed class NginxProxy : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("adminportal-nginx-");
    private Process? nginx;

    private NginxProxy(Uri address) => Address = address;

    public Uri Address { get; }

    /// <summary>The snippet of the docs, with the addresses of this test in the place of the examples.</summary>
    public static async Task<NginxProxy> StartAsync(Uri portal, Uri service, CancellationToken cancellationToken)
    {
        var port = FreePort();
        var proxy = new NginxProxy(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")));
        try
        {
            await proxy.StartAsync(Replace(await SnippetAsync(cancellationToken),
                ("listen 80;", string.Create(CultureInfo.InvariantCulture, $"listen 127.0.0.1:{port};")),
                ("https://portal.example.org", portal.ToString().TrimEnd('/')),
                ("http://127.0.0.1:9000", service.ToString().TrimEnd('/'))), cancellationToken);
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }

        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        if (nginx is { HasExited: false })
        {
            nginx.Kill(entireProcessTree: true);
            await nginx.WaitForExitAsync(CancellationToken.None);
        }

        nginx?.Dispose();
        folder.Delete(recursive: true);
    }

    private static string Replace(string text, params (string Example, string Real)[] addresses)
    {
        foreach (var (example, real) in addresses)
        {
            Assert.Contains(example, text, StringComparison.Ordinal); // else the docs have changed, and nothing of the test's would be called
            text = text.Replace(example, real, StringComparison.Ordinal);
        }

        return text;
    }

    private static async Task<string> SnippetAsync(CancellationToken cancellationToken)
    {
        const string Fence = "```nginx\n";
        var text = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Find()!, "docs", "introspection.md"), cancellationToken);
        var start = text.IndexOf(Fence, StringComparison.Ordinal) + Fence.Length;
        Assert.True(start >= Fence.Length, "docs/introspection.md shows no configuration of nginx.");
        return text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task StartAsync(string servers, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder.FullName, "nginx.conf");
        await File.WriteAllTextAsync(
            file,
            $$"""
            daemon off;
            master_process off;
            pid nginx.pid;
            error_log stderr;
            events { }
            http {
                access_log off;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
            {{servers}}
            }
            """,
            cancellationToken);
        var program = File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx"; // sbin is not on everyone's path
        nginx = Process.Start(new ProcessStartInfo(program, ["-p", folder.FullName, "-e", "stderr", "-c", file]) { RedirectStandardError = true, UseShellExecute = false })!;
        var said = nginx.StandardError.ReadToEndAsync(cancellationToken);
        using var client = new TcpClient();
        while (!client.Connected)
        {
            Assert.False(nginx.HasExited, nginx.HasExited ? await said : "");
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, Address.Port, cancellationToken);
            }
            catch (SocketException)
            {
                await Task.Delay(20, cancellationToken); // it is not listening yet
            }
        }
    }
}
