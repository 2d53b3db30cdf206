using System.Net;
using System.Net.Sockets;

namespace AdminPortal.Core.Pairing;

/// <summary>What counts as one place on the network.</summary>
internal static class AddressNetwork
{
    /// <summary>One household or office of IPv6 addresses counts as one: the /64. Of IPv4 it is the address.</summary>
    public static string Of(string? address)
    {
        if (!IPAddress.TryParse(address, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6 || parsed.IsIPv4MappedToIPv6)
        {
            return parsed?.MapToIPv4().ToString() ?? "unknown";
        }

        return Convert.ToHexStringLower(parsed.GetAddressBytes().AsSpan(0, 8));
    }
}
