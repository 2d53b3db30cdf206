using System.Text.Json.Nodes;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Authorization;

namespace AdminPortal.Web.ApiDescription;

/// <summary>Who may call an endpoint, as its policy says.</summary>
internal static class ApiSecurity
{
    public const string PollToken = "pollToken";
    public const string DeviceToken = "device";

    public static JsonObject Schemes(PortalOptions portal) => new()
    {
        ["person"] = Bearer("accessToken of POST /api/auth/login"),
        ["personCookie"] = Key("cookie", PortalCookies.NameOf("adminportal", portal), "The portal's own cookie, of people who signed in on its pages"),
        ["antiforgery"] = Key("header", ApiAntiforgery.Header, "With the cookie, for everything that changes something: the token of GET /api/auth/csrf"),
        [DeviceToken] = Bearer("sessionToken of a paired device, dvc_…"),
        [PollToken] = Bearer("pollToken of a claim, while it waits to be confirmed"),
        ["service"] = Bearer("a key of the page Service keys, svc_…"),
        ["serviceBasic"] = new JsonObject { ["type"] = "http", ["scheme"] = "basic", ["description"] = "The same key as the password, with any name" },
    };

    /// <summary>The kinds of callers; empty: anyone.</summary>
    public static ApiCallers Callers(EndpointMetadataCollection metadata) => metadata.GetMetadata<ApiBearer>() is { } own ? own.Scheme == PollToken ? ApiCallers.Poll : ApiCallers.DeadDevice
        : metadata.GetMetadata<IAllowAnonymous>() is not null ? ApiCallers.Anyone
        : metadata.OfType<IAuthorizeData>().LastOrDefault(data => data.Policy is not null)?.Policy switch
        {
            Policies.Device => ApiCallers.Device,
            Policies.Service => ApiCallers.Service,
            Policies.PersonOrDevice => ApiCallers.Person | ApiCallers.Device,
            _ => ApiCallers.Person,
        };

    /// <param name="changes">Whether the call may change something.</param>
    public static JsonArray Of(ApiCallers callers, bool changes)
    {
        var ways = new JsonArray();
        Add(ApiCallers.Person, "person");
        if (callers.HasFlag(ApiCallers.Person))
        {
            ways.Add(changes ? new JsonObject { ["personCookie"] = new JsonArray(), ["antiforgery"] = new JsonArray() } : Way("personCookie"));
        }

        Add(ApiCallers.Device, DeviceToken);
        Add(ApiCallers.DeadDevice, DeviceToken);
        Add(ApiCallers.Poll, PollToken);
        Add(ApiCallers.Service, "service");
        Add(ApiCallers.Service, "serviceBasic");
        return ways;

        void Add(ApiCallers kind, string scheme)
        {
            if (callers.HasFlag(kind))
            {
                ways.Add(Way(scheme));
            }
        }
    }

    private static JsonObject Way(string scheme) => new() { [scheme] = new JsonArray() };

    private static JsonObject Bearer(string description) => new() { ["type"] = "http", ["scheme"] = "bearer", ["description"] = description };

    private static JsonObject Key(string place, string name, string description) => new() { ["type"] = "apiKey", ["in"] = place, ["name"] = name, ["description"] = description };
}

/// <summary>Kinds of callers of the API.</summary>
[Flags]
internal enum ApiCallers
{
    Anyone = 0,
    Person = 1,
    Device = 2,
    Service = 4,

    /// <summary>With the poll token of a claim, which the endpoint looks at itself.</summary>
    Poll = 8,

    /// <summary>With a token that was ended, which the endpoint looks at itself.</summary>
    DeadDevice = 16,
}
