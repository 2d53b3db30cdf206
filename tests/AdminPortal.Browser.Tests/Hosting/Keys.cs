using Microsoft.Playwright;

namespace AdminPortal.Browser.Tests.Hosting;

/// <summary>A person without a mouse.</summary>
internal sealed class Keys(IPage page)
{
    private const int MostStops = 60;

    /// <summary>Tab until the element has the focus, which must be visible there.</summary>
    public async Task TabToAsync(ILocator target)
    {
        for (var stop = 0; stop < MostStops; stop++)
        {
            if (await HasFocusAsync(target))
            {
                Assert.True(await target.EvaluateAsync<bool>(ShowsFocus), $"The focus cannot be seen on {target}.");
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"{MostStops} times Tab did not lead to {target}.");
    }

    /// <summary>Goes to a link or button and presses Enter on it.</summary>
    public async Task EnterAsync(ILocator target)
    {
        await Assertions.Expect(target).ToBeVisibleAsync();
        await TabToAsync(target);
        await page.Keyboard.PressAsync("Enter");
    }

    public async Task TypeAsync(ILocator target, string text)
    {
        await Assertions.Expect(target).ToBeVisibleAsync();
        await TabToAsync(target);
        await page.Keyboard.TypeAsync(text);
    }

    public static async Task<bool> HasFocusAsync(ILocator target) =>
        await target.CountAsync() == 1 && await target.EvaluateAsync<bool>("element => element === document.activeElement");

    private const string ShowsFocus = """
        element => {
          const style = getComputedStyle(element);
          return element.matches(':focus-visible') && ((style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none');
        }
        """;
}
