using AdminPortal.Core.Devices;
using AdminPortal.Core.Permissions;
using AdminPortal.Data.Permissions;
using AdminPortal.Web.Permissions;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Permissions;

/// <summary>Who can change a device's permissions, and what a draft becomes.</summary>
public sealed class PermissionsEditorTests : BunitContext
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTime Ends = new(2026, 4, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly HeldScope Notes = new(PermissionScope.WriteNotes, Ends.AddDays(-60), Ends, InForce: true);
    private IReadOnlyList<ScopeGrant>? saved;
    private string? reason;
    private bool isSaved = true;

    public PermissionsEditorTests()
    {
        Services.AddSingleton(TimeProvider.System);
        JSInterop.Mode = JSRuntimeMode.Loose; // the browser is told to ask before it leaves
    }

    [Fact]
    public void Editor_ForSupport_OffersNoAct()
    {
        var editor = Show(canEdit: false);

        Assert.All(editor.FindAll("input"), input => Assert.True(input.HasAttribute("disabled")));
        Assert.Empty(editor.FindAll("button"));
        Assert.Empty(editor.FindAll("select"));
    }

    [Fact]
    public void Editor_ForOwner_GreysOutWhatNeedsAnAdmin_AndSaysSo()
    {
        var editor = Show(canEdit: true, PermissionScope.AccessDiagnosis, PermissionScope.FullAccess);

        foreach (var label in new[] { "See diagnoses", "Full access" })
        {
            var box = Box(editor, label);
            Assert.True(box.HasAttribute("disabled"));
            Assert.Equal("Only an administrator can grant it.", editor.Find($"#{box.GetAttribute("aria-describedby")}").TextContent);
        }

        Assert.False(Box(editor, "View transcripts").HasAttribute("disabled"));
        Assert.Null(Box(editor, "View transcripts").GetAttribute("aria-describedby"));
    }

    [Fact]
    public async Task Editor_ForOwnerOfAGrantThatNeedsAnAdmin_LetsThemTakeItAwayAndNotLengthenIt()
    {
        var editor = Show(canEdit: true, PermissionScope.WriteNotes);

        Assert.True(editor.Find("select[aria-label^='Write notes']").HasAttribute("disabled"));
        Assert.Contains("Only an administrator can grant it again or for longer.", editor.Markup, StringComparison.Ordinal);
        await Box(editor, "Write notes").ChangeAsync(new ChangeEventArgs { Value = false });
        await editor.FindAll("button").Single(b => b.TextContent == "Save").ClickAsync(new MouseEventArgs());

        Assert.Empty(saved!);
    }

    [Fact]
    public void Editor_ForAdmin_OffersEverything() => Assert.All(Show(canEdit: true).FindAll("input"), box => Assert.False(box.HasAttribute("disabled")));

    [Fact]
    public async Task Save_AfterGrantForADay_KeepsTheOtherGrantAsItIs()
    {
        var editor = Show(canEdit: true);
        await Box(editor, "View transcripts").ChangeAsync(new ChangeEventArgs { Value = true });
        await editor.Find("select[aria-label^='View transcripts']").ChangeAsync(new ChangeEventArgs { Value = "1d" });

        editor.Find("#permissions-reason").Input(" covers ward 3 ");
        await editor.FindAll("button").Single(b => b.TextContent == "Save").ClickAsync(new MouseEventArgs());

        Assert.Equal([new(PermissionScope.WriteNotes, new DateTimeOffset(Ends)), new(PermissionScope.ViewTranscript, Now.AddDays(1))], saved!.OrderBy(g => g.Scope));
        Assert.Equal("covers ward 3", reason);
    }

    [Fact]
    public async Task PageReadsAgain_WhileADraftIsOpen_KeepsTheDraft()
    {
        var editor = Show(canEdit: true);
        await Box(editor, "View transcripts").ChangeAsync(new ChangeEventArgs { Value = true });

        editor.Render(parameters => parameters.Add(e => e.Held, [Notes, new HeldScope(PermissionScope.ControlRecording, Ends, null, true)]));

        Assert.True(Box(editor, "View transcripts").HasAttribute("checked"));
    }

    [Fact]
    public async Task Save_ThatFails_KeepsTheDraft()
    {
        isSaved = false;
        var editor = Show(canEdit: true);
        await Box(editor, "View transcripts").ChangeAsync(new ChangeEventArgs { Value = true });
        editor.Find("#permissions-reason").Input("covers ward 3");

        await editor.FindAll("button").Single(b => b.TextContent == "Save").ClickAsync(new MouseEventArgs());

        Assert.True(Box(editor, "View transcripts").HasAttribute("checked"));
        Assert.Equal("covers ward 3", editor.Find("#permissions-reason").GetAttribute("value"));
        Assert.Equal("covers ward 3", reason);
    }

    [Fact]
    public void Editor_SaysUntilWhenEachPermissionHolds() => Assert.StartsWith("Allowed until 1 Apr 2026, 00:00 UTC", Show(canEdit: true).Find(".held").TextContent.Trim(), StringComparison.Ordinal);

    private static AngleSharp.Dom.IElement Box(IRenderedComponent<PermissionsEditor> editor, string label) =>
        editor.FindAll("label").Single(l => l.TextContent.Contains(label, StringComparison.Ordinal)).QuerySelector("input")!;

    private IRenderedComponent<PermissionsEditor> Show(bool canEdit, params PermissionScope[] forAdmins) => Render<PermissionsEditor>(parameters => parameters
        .Add(e => e.Held, [Notes])
        .Add(e => e.CanEdit, canEdit)
        .Add(e => e.ForAdmins, forAdmins)
        .Add(e => e.Now, () => Now)
        .Add(e => e.OnSave, change =>
        {
            (saved, reason) = change;
            return Task.FromResult(isSaved);
        }));
}
