using System.Net;
using AdminPortal.Core.Targets;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Hosting;

/// <summary>Believes forwarded addresses and schemes of the proxies in <c>Portal:KnownProxies</c>, and of nobody else.</summary>
internal static class KnownProxies
{
    public static void UseKnownProxies(this IApplicationBuilder app)
    {
        var proxies = app.ApplicationServices.GetRequiredService<IOptions<PortalOptions>>().Value.KnownProxies;
        if (proxies.Count == 0)
        {
            return;
        }

        // A network may hold clients too: what its neighbours say of others is not believed, only whom the nearest proxy saw.
        var networks = proxies.Where(proxy => !IPAddress.TryParse(proxy, out _)).ToList();
        int? hops = networks.Count > 0 ? 1 : null;
        if (networks.Count > 0)
        {
            app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(KnownProxies)).LogWarning(
                "Portal:KnownProxies names networks ({Networks}): any program there can say that it speaks for somebody else, so only the nearest hop is believed. Name the proxies' own addresses.",
                string.Join(", ", networks));
        }

        // Not the host: addresses in codes and links come from Portal:PublicUrl.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = hops };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
            {
                options.KnownProxies.Add(address);
            }
            else
            {
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            }
        }

        app.UseForwardedHeaders(options);
    }
}
