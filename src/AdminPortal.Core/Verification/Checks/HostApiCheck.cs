namespace AdminPortal.Core.Verification.Checks;

/// <summary>The host application's API answers, where its address is configured.</summary>
internal sealed class HostApiCheck(EndpointProbe probe) : VerificationCheck
{
    public override string Id => "host-api";

    public override string Title => "The host application's API answers";

    public override string Expected => "/api/health says healthy; the pairing endpoints answer.";

    public override async Task<IReadOnlyList<Finding>> LookAsync(CheckedTarget target, CancellationToken cancellationToken) => target.Settings.HostUrl is { Length: > 0 } url
        ? await probe.LookAsync(url, whenSilent: CheckSeverity.Error, $"Start the host application, or correct Portal:Targets:{target.Name}:HostUrl.", cancellationToken)
        : [];
}
