using AdminPortal.Browser.Tests.Hosting;

namespace AdminPortal.Browser.Tests.Layout;

/// <summary>
/// axe finds nothing on any page, in light and dark, at a desk and on a phone, and nothing is wider than the screen.
/// /api/docs is left out: Swagger UI draws it, not the portal.
/// </summary>
public abstract class AccessibilityTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    private protected async Task AssertNoFaultsAsync(string stop)
    {
        var place = Tour.Stops[stop];
        var visitor = (await OpenAsync(place.Person, place.PhoneOnly ? Screen.Phone : Screen.Desktop)).Tolerate("status of 404", "status of 403");
        await Tour.ArriveAsync(place, visitor.Page);

        var faults = await Accessibility.FaultsAsync(visitor.Page, stop, place.PhoneOnly);
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    /// <summary>Every second stop, so that two classes, which run side by side, share the tour.</summary>
    private protected static TheoryData<string> Half(int which) => [.. Tour.Stops.Keys.Where((_, index) => index % 2 == which)];
}

/// <inheritdoc />
public sealed class AccessibilityEvenTests(RunningPortal portal, Chromium chromium) : AccessibilityTests(portal, chromium)
{
    public static TheoryData<string> Stops => Half(0);

    [Theory]
    [MemberData(nameof(Stops))]
    public Task Page_InEveryView_HasNoViolation(string stop) => AssertNoFaultsAsync(stop);
}

/// <inheritdoc />
public sealed class AccessibilityOddTests(RunningPortal portal, Chromium chromium) : AccessibilityTests(portal, chromium)
{
    public static TheoryData<string> Stops => Half(1);

    [Theory]
    [MemberData(nameof(Stops))]
    public Task Page_InEveryView_HasNoViolation(string stop) => AssertNoFaultsAsync(stop);
}
