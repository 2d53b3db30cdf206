using AdminPortal.Browser.Tests.Hosting;
using AdminPortal.Browser.Tests.Layout;

namespace AdminPortal.Browser.Tests.Pairing;

/// <summary>axe finds nothing in any state of a pairing, on either side.</summary>
public sealed class PairingAccessibilityTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    [Fact]
    public async Task Pairing_InEveryStateAndView_HasNoViolation()
    {
        var faults = new List<string>();
        await PairingTour.WalkAsync(OpenAsync, async (page, name) => faults.AddRange(await Accessibility.FaultsAsync(page, name)), Token);

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }
}
