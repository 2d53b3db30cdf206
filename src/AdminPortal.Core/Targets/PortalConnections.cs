using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Targets;

/// <summary>Section <c>ConnectionStrings</c>: the portal's own database.</summary>
public sealed class PortalConnections
{
    public const string Section = "ConnectionStrings";

    /// <summary>The runtime role, which works on rows and cannot rewrite the audit log.</summary>
    public string Portal { get; set; } = "";

    /// <summary>The owner, which migrates at start; absent: <see cref="Portal"/> does both.</summary>
    public string? PortalOwner { get; set; }
}

/// <summary>Every message names the key and what to write there, and never the value, which holds a password.</summary>
internal sealed class PortalConnectionsValidator(IConfiguration configuration) : IValidateOptions<PortalConnections>
{
    public ValidateOptionsResult Validate(string? name, PortalConnections options)
    {
        var requiresTls = configuration.GetValue($"{PortalOptions.Section}:{nameof(PortalOptions.RequireDatabaseTls)}", defaultValue: true);
        List<string> failures =
        [
            .. new[]
            {
                ConnectionText.Problem("ConnectionStrings:Portal", options.Portal),
                options.PortalOwner is { } text ? ConnectionText.Problem("ConnectionStrings:PortalOwner", text) : null,
                requiresTls ? ConnectionText.PlainProblem("ConnectionStrings:Portal", options.Portal) : null,
                requiresTls ? ConnectionText.PlainProblem("ConnectionStrings:PortalOwner", options.PortalOwner) : null,
            }.OfType<string>(),
        ];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
