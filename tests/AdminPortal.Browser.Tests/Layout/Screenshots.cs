using AdminPortal.Browser.Tests.Hosting;
using AdminPortal.Browser.Tests.Pairing;
using Microsoft.Playwright;

namespace AdminPortal.Browser.Tests.Layout;

/// <summary>
/// Pictures of every page for people to look at, in artifacts/screenshots. Not a test: taken when asked for, with
/// <c>AdminPortal.Browser.Tests -explicit only</c>; with <c>ONLY=sync,monitoring</c> in the environment, of the stops whose names begin so.
/// </summary>
public sealed class Screenshots(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    [Fact(Explicit = true)]
    public async Task Take_OfEveryPage_InEveryView()
    {
        string[] only = Environment.GetEnvironmentVariable("ONLY")?.Split(',') ?? [];
        foreach (var stop in Tour.Stops.Values.Where(stop => only.Length == 0 || Array.Exists(only, stop.Name.StartsWith)))
        {
            var visitor = (await OpenAsync(stop.Person, stop.PhoneOnly ? Screen.Phone : Screen.Desktop)).Tolerate("status of 404", "status of 403");
            await Tour.ArriveAsync(stop, visitor.Page);
            await TakeAsync(visitor.Page, stop.Name, stop.PhoneOnly);
            await visitor.Context.CloseAsync();
        }

        if (only.Length == 0)
            await PairingTour.WalkAsync(OpenAsync, (page, name) => TakeAsync(page, name), Token);
    }

    private static Task TakeAsync(IPage page, string name, bool phoneOnly = false) => Views.EachAsync(page, phoneOnly, view => page.ScreenshotAsync(new()
    {
        Path = Path.Combine(Repository.Artifacts("screenshots"), $"{name}-{view}.png"),
        FullPage = true,
    }));
}
