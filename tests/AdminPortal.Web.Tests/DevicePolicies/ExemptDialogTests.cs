using AdminPortal.Web.DevicePolicies;
using AdminPortal.Web.Tests.Layout;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace AdminPortal.Web.Tests.DevicePolicies;

/// <summary>An exemption needs a reason, and is made once however often the button is clicked.</summary>
public sealed class ExemptDialogTests : MudContext
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private readonly List<(string Reason, DateTimeOffset? Until)> answers = [];
    private readonly TaskCompletionSource<bool> hold = new();

    [Fact]
    public async Task Exempt_WithoutReason_AsksForIt()
    {
        await ShowAsync();

        await DialogButton("Exempt").ClickAsync(new MouseEventArgs());

        Assert.Empty(answers);
        Assert.Contains("needs a reason", Dialogs.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exempt_ClickedTwice_AnswersOnceWithReasonAndEnd()
    {
        await ShowAsync();
        await Dialogs.Find("#exempt-reason").InputAsync(new ChangeEventArgs { Value = " On leave. " });
        await Dialogs.Find("#exempt-until").ChangeAsync(new ChangeEventArgs { Value = "90" });

        await ConfirmTwiceAsync("Exempt", () => hold.SetResult(true));

        Assert.Equal([("On leave.", Now.AddDays(90))], answers);
    }

    private Task<IDialogReference> ShowAsync() => OpenAsync(new DialogParameters<ExemptDialog>
    {
        { dialog => dialog.What, "The policy leaves “Ward phone” alone." },
        { dialog => dialog.Now, () => Now },
        {
            dialog => dialog.Act, (reason, until) =>
            {
                answers.Add((reason, until));
                return hold.Task;
            }
        },
    });
}
