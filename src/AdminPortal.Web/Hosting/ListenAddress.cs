using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace AdminPortal.Web.Hosting;

/// <summary>Where the portal listens, and under which address devices reach it.</summary>
/// <param name="Urls">For Kestrel; several separated by ';'.</param>
/// <param name="PublicUrl">The value for <c>Portal:PublicUrl</c> where none is configured; null when the port is chosen at start.</param>
internal sealed record ListenAddress(string Urls, string? PublicUrl)
{
    public const string Variable = "PORTAL_URLS";
    public const string Default = "http://localhost:5080";

    public static ListenAddress For(ServeOptions options)
    {
        var fromEnvironment = Environment.GetEnvironmentVariable(Variable);
        var urls = options.Urls ?? (string.IsNullOrWhiteSpace(fromEnvironment) ? Default : fromEnvironment);
        if (FindFault(urls) is { } fault)
            throw new CommandFailedException($"{Variable}: {fault}");
        var first = BindingAddress.Parse(urls.Split(';')[0]);
        if (options.Lan)
            return new ListenAddress($"{first.Scheme}://0.0.0.0:{first.Port}", $"{first.Scheme}://{FindLanAddress()}:{first.Port}");
        return new ListenAddress(urls, first.Port == 0 ? null : Printable(urls.Split(';')[0]));
    }

    /// <summary>An address to show: a wildcard is no address that a browser can open.</summary>
    public static string Printable(string url)
    {
        var address = BindingAddress.Parse(url);
        return address.Host is "0.0.0.0" or "[::]" or "*" or "+" ? $"{address.Scheme}://localhost:{address.Port}" : url.TrimEnd('/');
    }

    /// <summary>What is wrong with a list of URLs, or null.</summary>
    public static string? FindFault(string? urls)
    {
        foreach (var url in urls?.Split(';') ?? [])
        {
            try
            {
                if (BindingAddress.Parse(url).Scheme is not ("http" or "https"))
                    return $"'{url}' is neither http nor https.";
            }
            catch (FormatException)
            {
                return $"'{url}' is not an address such as {Default}.";
            }
        }

        return null;
    }

    /// <summary>The address by which this machine's other end of the default route knows it; no packet is sent to find out.</summary>
    private static IPAddress FindLanAddress()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(IPAddress.Parse("192.0.2.1"), 9); // TEST-NET-1 (RFC 5737): routed like any outside address
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return FindInterfaceAddress() ?? throw new CommandFailedException("--lan: this machine has no network address besides its loopback.");
        }
    }

    private static IPAddress? FindInterfaceAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork);
}
