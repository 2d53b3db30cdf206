using AdminPortal.Browser.Tests.Hosting;

namespace AdminPortal.Browser.Tests.Layout;

/// <summary>
/// axe finds nothing on any page, in light and dark, at a desk and on a phone, and nothing is wider than the screen.
/// /api/docs is left out: Swagger UI draws it, not the portal.
/// </summary>
public sealed class AccessibilityTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    public static TheoryData<string> Stops => [.. Tour.Stops.Keys];

    [Theory]
    [MemberData(nameof(Stops))]
    public async Task Page_InEveryView_HasNoViolation(string stop)
    {
        var place = Tour.Stops[stop];
        var visitor = (await OpenAsync(place.Person, place.PhoneOnly ? Screen.Phone : Screen.Desktop)).Tolerate("status of 404", "status of 403");
        await Tour.ArriveAsync(place, visitor.Page);

        var faults = await Accessibility.FaultsAsync(visitor.Page, stop, place.PhoneOnly);
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }
}
