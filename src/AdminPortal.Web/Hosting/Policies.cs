using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Authorization;

namespace AdminPortal.Web.Hosting;

/// <summary>
/// Every policy of pages and endpoints. What has none of its own needs <see cref="SignedIn"/>; what anyone may see says
/// <c>AllowAnonymous</c>.
/// </summary>
internal static class Policies
{
    /// <summary>Any person with an account; no device.</summary>
    public const string SignedIn = nameof(SignedIn);

    public const string Admin = nameof(Admin);

    /// <summary>Admins and support: everyone's devices, to read.</summary>
    public const string SeesEveryone = nameof(SeesEveryone);

    public const string Device = nameof(Device);

    public const string PersonOrDevice = nameof(PersonOrDevice);

    /// <summary>A service that may ask about devices' tokens.</summary>
    public const string Service = nameof(Service);

    /// <summary>A directory that keeps accounts by SCIM.</summary>
    public const string Directory = nameof(Directory);

    /// <summary>On the principal of a directory: the id of its key.</summary>
    public const string DirectoryKeyClaim = "directory_key_id";

    /// <summary>On the principal of a service: the id of its key.</summary>
    public const string ServiceKeyClaim = "service_key_id";

    /// <summary>On the principal of a device: the id of its pairing.</summary>
    public const string DevicePairingClaim = "device_pairing_id";

    private static readonly string[] PersonRoles = Enum.GetNames<AccountRole>();

    public static void Add(AuthorizationOptions options)
    {
        options.AddPolicy(SignedIn, policy => policy.RequireRole(PersonRoles));
        options.AddPolicy(Admin, policy => policy.RequireRole(nameof(AccountRole.Admin)));
        options.AddPolicy(SeesEveryone, policy => policy.RequireRole(nameof(AccountRole.Admin), nameof(AccountRole.Support)));
        options.AddPolicy(Device, policy => policy.RequireClaim(DevicePairingClaim));
        options.AddPolicy(Service, policy => policy.RequireClaim(ServiceKeyClaim));
        options.AddPolicy(Directory, policy => policy.RequireClaim(DirectoryKeyClaim));
        options.AddPolicy(PersonOrDevice, policy => policy.RequireAssertion(
            context => context.User.HasClaim(claim => claim.Type == DevicePairingClaim) || PersonRoles.Any(context.User.IsInRole)));
        options.DefaultPolicy = options.FallbackPolicy = options.GetPolicy(SignedIn)!;
    }
}
