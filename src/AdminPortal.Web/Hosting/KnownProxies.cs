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

        // Not the host: addresses in codes and links come from Portal:PublicUrl.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
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
