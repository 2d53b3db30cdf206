namespace AdminPortal.Core.Verification.Checks;

/// <summary>The portal's own API answers, for the target that it serves.</summary>
internal sealed class PortalApiCheck(EndpointProbe probe) : VerificationCheck
{
    public override string Id => "api";

    public override string Title => "The portal's API answers";

    public override string Expected => "/api/health says healthy; the pairing endpoints answer.";

    public override async Task<IReadOnlyList<Finding>> LookAsync(CheckedTarget target, CancellationToken cancellationToken) => target.PortalUrl is { } url
        ? await probe.LookAsync(url, whenSilent: CheckSeverity.Info, "No portal answers there at the moment. Start it, then verify again.", cancellationToken)
        : [];
}
