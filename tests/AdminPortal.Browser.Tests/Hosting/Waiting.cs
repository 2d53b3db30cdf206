using Microsoft.Playwright;

namespace AdminPortal.Browser.Tests.Hosting;

/// <summary>For what a person would simply do again.</summary>
internal static class Waiting
{
    private const int MostTries = 8;

    public static async Task UntilAsync(Func<Task> act)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await act();
                return;
            }
            catch (Exception failure) when ((failure is PlaywrightException or TimeoutException) && attempt < MostTries)
            {
                // The expectation in it has waited already.
            }
        }
    }
}
