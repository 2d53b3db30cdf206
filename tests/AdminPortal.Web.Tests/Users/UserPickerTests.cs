using AdminPortal.Core.Users;
using AdminPortal.Web.Users;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Users;

/// <summary>A user is found by name or e-mail and chosen; nobody types an id.</summary>
public sealed class UserPickerTests : BunitContext
{
    private static readonly UserRow Anna = new("u1", "Anna Maier", "anna@example.org", 1, 1, null, DateTime.UnixEpoch);
    private UserRow? chosen;
    private string? asked;
    private IReadOnlyList<UserRow> users = [Anna];
    private bool away;

    public UserPickerTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public async Task Search_ThenPick_ChoosesTheUser()
    {
        var picker = Show(null);
        await TypeAsync(picker, "maier");

        Assert.Equal("maier", asked);
        Assert.Equal("1 user found.", picker.Find("[role=status]").TextContent);
        var hit = picker.Find(".picks button");
        Assert.Equal("Anna Maier · anna@example.org", hit.TextContent);
        await hit.ClickAsync(new MouseEventArgs());
        Assert.Equal(Anna, chosen);
    }

    [Fact]
    public async Task Chosen_IsShownByName_AndCanBeTakenBack()
    {
        chosen = Anna;
        var picker = Show(Anna);

        Assert.Contains("Anna Maier", picker.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("u1", picker.Markup, StringComparison.Ordinal);
        await picker.Find("button").ClickAsync(new MouseEventArgs());
        Assert.Null(chosen);
    }

    [Fact]
    public async Task Search_WithoutAMatch_SaysSo()
    {
        users = [];
        var picker = Show(null);
        await TypeAsync(picker, "zzz");

        Assert.Equal("No user matches.", picker.Find("[role=status]").TextContent);
    }

    [Fact]
    public async Task Search_DatabaseAway_SaysSo()
    {
        away = true;
        var picker = Show(null);
        await TypeAsync(picker, "maier");

        Assert.Equal("The database with the users does not answer. Try again in a moment.", picker.Find("[role=status]").TextContent);
    }

    private static Task TypeAsync(IRenderedComponent<UserPicker> picker, string text) => picker.Find("input").InputAsync(new ChangeEventArgs { Value = text });

    private IRenderedComponent<UserPicker> Show(UserRow? user) => Render<UserPicker>(parameters => parameters
        .Add(p => p.Id, "user").Add(p => p.Chosen, user)
        .Add(p => p.ChosenChanged, EventCallback.Factory.Create<UserRow?>(this, picked => chosen = picked))
        .Add(p => p.Find, (text, _) =>
        {
            asked = text;
            return away ? throw new Npgsql.NpgsqlException("Away.", new System.Net.Sockets.SocketException()) : Task.FromResult(users);
        }));
}
