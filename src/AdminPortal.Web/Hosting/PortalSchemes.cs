using AdminPortal.Web.ServiceKeys;
using Microsoft.AspNetCore.Identity;

namespace AdminPortal.Web.Hosting;

/// <summary>Names of the ways in which a request can say who sends it.</summary>
internal static class PortalSchemes
{
    /// <summary>The default: looks at the request and hands over to one of the others.</summary>
    public const string Portal = "Portal";

    /// <summary>A person's cookie.</summary>
    public static readonly string Cookie = IdentityConstants.ApplicationScheme;

    /// <summary>A person's bearer from <c>POST /api/auth/login</c>, checked against the account on every use.</summary>
    public const string PersonBearer = "PersonBearer";

    /// <summary>A device's bearer, <see cref="DeviceTokenPrefix"/>….</summary>
    public const string Device = "Device";

    /// <summary>How a header with a token begins; the word in any case.</summary>
    public const string Bearer = "Bearer ";

    public const string DeviceTokenPrefix = "dvc_";

    /// <summary>A service's key, <see cref="ServiceKeyPrefix"/>….</summary>
    public const string Service = "Service";

    public const string ServiceKeyPrefix = "svc_";

    /// <summary>A directory's key, <see cref="DirectoryKeyPrefix"/>….</summary>
    public const string Directory = "Directory";

    public const string DirectoryKeyPrefix = "scim_";

    /// <summary>Which scheme answers for this request.</summary>
    public static string Select(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return TakesClientSecret.IsMeant(context, header) ? Service : Cookie;
        }

        var bearer = header.AsSpan(Bearer.Length).TrimStart();
        return bearer.StartsWith(DeviceTokenPrefix, StringComparison.Ordinal) ? Device
            : bearer.StartsWith(ServiceKeyPrefix, StringComparison.Ordinal) ? Service
            : bearer.StartsWith(DirectoryKeyPrefix, StringComparison.Ordinal) ? Directory
            : PersonBearer;
    }
}
