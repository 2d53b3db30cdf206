using AdminPortal.Core.Hosts;

namespace AdminPortal.Core.Targets;

/// <summary>One managed database: <c>Portal:Targets:{name}</c>.</summary>
public sealed class TargetOptions
{
    /// <summary>The Npgsql connection string of the runtime role, which cannot change tables nor rewrite history.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The owner's connection string, for migrations only; absent: <see cref="ConnectionString"/> does both.</summary>
    public string? OwnerConnectionString { get; set; }

    /// <summary>The name of the target that must have passed a release first.</summary>
    public string? Requires { get; set; }

    /// <summary>True for the one target that the device pages and the device API work on.</summary>
    public bool Primary { get; set; }

    /// <summary>True: changes to this database ask for its name to be typed, and a fresh sign-in.</summary>
    public bool Protected { get; set; }

    /// <summary>False: the nightly job leaves this target out, for one that is backed up otherwise.</summary>
    public bool NightlyBackup { get; set; } = true;

    /// <summary>Where the host has its people, as <c>portal migrate adopt --look --json</c> prints it; absent: an admin says so, or the portal makes the guides' own table.</summary>
    public MappingOptions? Mapping { get; set; }

    /// <summary>The base address of the host application on this database; its endpoints are then verified too. Absent: they are not.</summary>
    public string? HostUrl { get; set; }
}

/// <summary>Section <c>Portal</c> of the configuration.</summary>
public sealed class PortalOptions
{
    public const string Section = "Portal";

    /// <summary>What people know this portal as: in the subject and the text of its mail.</summary>
    public string Name { get; set; } = "AdminPortal";

    /// <summary>The address under which devices reach the portal; goes into every code. Never taken from a request.</summary>
    public string PublicUrl { get; set; } = "http://localhost:5080";

    /// <summary>
    /// Addresses or networks of reverse proxies whose <c>X-Forwarded-For</c> and <c>-Proto</c> are believed. Empty: nobody's are.
    /// </summary>
    public IList<string> KnownProxies { get; } = [];

    /// <summary>Origins of web apps that use the API of devices from a browser, such as <c>https://app.example.org</c>. Empty: none may.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>The newest version of the service's app, for apps that ask <c>/api/health</c>; absent: it is not told.</summary>
    public string? LatestAppVersion { get; set; }

    /// <summary>
    /// How long an instance that is told to stop goes on: half of it for the balancer to see (<c>/health/ready</c>), half for open pages to
    /// go to another instance. 0: there is no other, and it stops at once.
    /// </summary>
    public int DrainSeconds { get; set; }

    /// <summary>False: connection strings to other machines need not demand encryption.</summary>
    public bool RequireDatabaseTls { get; set; } = true;

    /// <summary>The managed databases by name.</summary>
    public Dictionary<string, TargetOptions> Targets { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The name of the primary target: the one marked so, or the only one.</summary>
    public string PrimaryTarget => Targets.FirstOrDefault(t => t.Value.Primary).Key ?? Targets.Keys.Single();
}
