using AdminPortal.Core.Migrations;
using AdminPortal.Web.Migrations;
using AdminPortal.Web.Tests.Layout;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace AdminPortal.Web.Tests.Migrations;

/// <summary>Before a target is rolled back: what goes, its SQL, what is lost, a backup and the name typed.</summary>
public sealed class ConfirmOperationDialogTests : MudContext
{
    private OperationConsent? consent;

    [Fact]
    public async Task RollBack_OfMain_ShowsWhatGoesAndWaitsForTheName()
    {
        await ShowAsync("main");
        Assert.Contains("add_notes", Dialogs.Find(".taken-back").TextContent, StringComparison.Ordinal);
        Assert.Contains("DROP TABLE notes;", Dialogs.Find("pre.sql").TextContent, StringComparison.Ordinal);
        Assert.Contains("No row and no value is lost", Dialogs.Markup, StringComparison.Ordinal);
        Assert.True(Dialogs.Find("input[type=checkbox]").HasAttribute("checked"));
        await Dialogs.Find("#operation-reason").InputAsync(new ChangeEventArgs { Value = "withdrawn" });

        Assert.True(DialogButton("Roll back").HasAttribute("disabled"));
        await Dialogs.Find("#operation-name").InputAsync(new ChangeEventArgs { Value = "main" });
        await DialogButton("Roll back").ClickAsync(new MouseEventArgs());

        Assert.Equal(new OperationConsent(true, "withdrawn", null), consent);
    }

    private Task<IDialogReference> ShowAsync(string name) => OpenAsync(new DialogParameters<ConfirmOperationDialog>
    {
        { dialog => dialog.Explanation, "Back." },
        { dialog => dialog.Button, "Roll back" },
        { dialog => dialog.AsksForBackup, true },
        { dialog => dialog.NeedsReason, true },
        { dialog => dialog.TypedName, name },
        { dialog => dialog.TakenBack, [new MigrationScript("20261122153408_add_notes", "hash", [], [new MigrationStatement("DROP TABLE notes;", true)])] },
        {
            dialog => dialog.Act, given =>
            {
                consent = given;
                return Task.FromResult(true);
            }
        },
    });
}
