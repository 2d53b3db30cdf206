using AdminPortal.Browser.Tests.Devices;
using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Layout;

/// <summary>The message that follows an act, and the page below it.</summary>
public sealed class MessageTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    [Fact]
    public async Task Message_WhileItIsShown_IsInNobodysWay()
    {
        await using var devices = await TestDevices.OpenAsync(Portal);
        await devices.AddAsync("Messaged", 1);
        var page = (await OpenAsync(Person.Admin)).Page;
        await page.GotoAsync($"/devices/{TestDevices.IdOf("Messaged", 1)}");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Waiting.UntilAsync(async () =>
        {
            if (!await dialog.IsVisibleAsync())
                await page.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync(new() { Timeout = 2000 });
            await Expect(dialog).ToBeVisibleAsync(new() { Timeout = 2000 });
        });
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("Reception");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("The new name is saved.")).ToBeVisibleAsync();

        await Expect(dialog).ToHaveCountAsync(0);
        Assert.Empty(await page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('.page-head button')].filter(button => button.checkVisibility()).filter(button => {
              const edge = button.getBoundingClientRect();
              return !button.contains(document.elementFromPoint(edge.left + edge.width / 2, edge.bottom - 3));
            }).map(button => button.textContent)
            """));
        Assert.True(await page.EvaluateAsync<bool>(
            """
            () => {
              const edge = document.querySelector('#mud-snackbar-container').getBoundingClientRect();
              return !document.elementFromPoint(edge.left + edge.width / 2, edge.top + 4).closest('.mud-snackbar');
            }
            """));
        await Expect(page.GetByText("The new name is saved.")).ToBeVisibleAsync(); // still
    }
}
