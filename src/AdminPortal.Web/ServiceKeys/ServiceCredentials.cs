using System.Text;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.ServiceKeys;

/// <summary>
/// On an endpoint that clients of OAuth call: besides the bearer they send their secret by HTTP Basic or in the form (RFC 6749, section
/// 2.3.1). Elsewhere Basic is a proxy's business, and is not looked at.
/// </summary>
internal sealed class TakesClientSecret
{
    /// <summary>Whether this request may carry a service's key in one of these ways.</summary>
    public static bool IsMeant(HttpContext context, string authorization) =>
        context.GetEndpoint()?.Metadata.GetMetadata<TakesClientSecret>() is not null
        && (ServiceCredentials.IsBasic(authorization) || (authorization.Length == 0 && context.Request.HasFormContentType));
}

/// <summary>Where a request carries a service's key.</summary>
internal static class ServiceCredentials
{
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    public static bool IsBasic(string authorization) => authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase);

    /// <summary>The key; empty when something is sent that holds none; null when nothing is sent.</summary>
    public static async Task<string?> ReadAsync(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return header[Bearer.Length..].Trim();
        }

        return IsBasic(header) ? OfBasic(header[Basic.Length..].Trim())
            : request.HasFormContentType && (await FormAsync(request))?["client_secret"] is [{ Length: > 0 } secret] ? secret
            : null;
    }

    /// <summary>The password; or the name where that is the key and nothing follows, as some tools have it.</summary>
    private static string OfBasic(string encoded)
    {
        Span<byte> bytes = stackalloc byte[512];
        if (!Convert.TryFromBase64String(encoded, bytes, out var count))
        {
            return "";
        }

        var pair = Encoding.UTF8.GetString(bytes[..count]);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        var (name, password) = colon < 0 ? (pair, "") : (pair[..colon], pair[(colon + 1)..]);
        var key = Uri.UnescapeDataString(password);
        return key.Length > 0 || !name.StartsWith(PortalSchemes.ServiceKeyPrefix, StringComparison.Ordinal) ? key : name;
    }

    /// <summary>Kept by the request: the endpoint reads the same again. Null: it is no form, whatever its type says.</summary>
    private static async Task<IFormCollection?> FormAsync(HttpRequest request)
    {
        try
        {
            return await request.ReadFormAsync(request.HttpContext.RequestAborted);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
