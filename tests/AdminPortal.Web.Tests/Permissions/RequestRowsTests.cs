using AdminPortal.Core.Permissions;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using AdminPortal.Web.Permissions;
using AdminPortal.Web.Tests.Layout;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace AdminPortal.Web.Tests.Permissions;

/// <summary>The queue's rows and the answer's dialog.</summary>
public sealed class RequestRowsTests : MudContext
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Asked = Now.AddDays(3);

    private static readonly RequestRow Row = new(
        "r1", "p1", DeviceType.MobileIos, "Ward phone", "u1", "Anna", PermissionScope.ViewTranscript, Asked, "<b>please</b>", Now, null, NeedsAdmin: true);

    private static readonly EndingGrant Grant = new(
        "g1", "p1", DeviceType.MobileIos, "Ward phone", "u1", "Anna", PermissionScope.ViewTranscript, Asked.UtcDateTime, Asked.UtcDateTime.AddDays(90), NeedsAdmin: false);

    private readonly List<RequestAnswer> answers = [];

    public RequestRowsTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public void Rows_ForSupport_OfferNoAnswerAndSayWhoGivesIt()
    {
        var rows = ShowRows(mayDecide: false);

        Assert.Empty(rows.FindAll("button"));
        Assert.Contains("An administrator decides", rows.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_TheDevicesWords_AreQuotedAndNotMarkup()
    {
        var quote = ShowRows(mayDecide: true).Find("q");

        Assert.Equal("<b>please</b>", quote.TextContent);
        Assert.Empty(quote.Children);
    }

    [Theory]
    [InlineData(null, 3)] // as asked
    [InlineData("1d", 1)]
    [InlineData("", null)]
    public async Task Grant_Term_BecomesTheEnd(string? term, int? days)
    {
        await ShowDialogAsync(grants: true);
        if (term is not null)
        {
            await Dialogs.Find("#grant-term").ChangeAsync(new ChangeEventArgs { Value = term });
        }

        await DialogButton("Grant").ClickAsync(new MouseEventArgs());

        Assert.Equal([new RequestAnswer(days is { } d ? Now.AddDays(d) : null, null)], answers);
    }

    [Fact]
    public async Task Refuse_HasNoTermAndKeepsTheWords()
    {
        await ShowDialogAsync(grants: false);
        Assert.Empty(Dialogs.FindAll("select"));
        await Dialogs.Find("#answer-reason").InputAsync(new ChangeEventArgs { Value = " Not on this phone. " });

        await DialogButton("Refuse").ClickAsync(new MouseEventArgs());

        Assert.Equal([new RequestAnswer(null, "Not on this phone.")], answers);
    }

    [Fact]
    public async Task Extend_ClickedTwice_RaisesOnce()
    {
        var hold = new TaskCompletionSource();
        var extended = 0;
        var rows = Render<EndingRows>(parameters => parameters.Add(r => r.Rows, [Grant]).Add(r => r.MayExtend, _ => true)
            .Add(r => r.OnExtend, EventCallback.Factory.Create<EndingGrant>(this, async _ =>
            {
                extended++;
                await hold.Task;
            })));

        var first = rows.Find("button").ClickAsync(new MouseEventArgs());
        var second = rows.Find("button").ClickAsync(new MouseEventArgs());
        hold.SetResult();
        await Task.WhenAll(first, second);

        Assert.Equal(1, extended);
    }

    private IRenderedComponent<RequestRows> ShowRows(bool mayDecide) =>
        Render<RequestRows>(parameters => parameters.Add(r => r.Rows, [Row]).Add(r => r.MayDecide, _ => mayDecide));

    private Task<IDialogReference> ShowDialogAsync(bool grants) => OpenAsync(new DialogParameters<DecideDialog>
    {
        { dialog => dialog.Row, Row },
        { dialog => dialog.Grants, grants },
        { dialog => dialog.Now, () => Now },
        {
            dialog => dialog.Act, answer =>
            {
                answers.Add(answer);
                return Task.FromResult(true);
            }
        },
    });
}
