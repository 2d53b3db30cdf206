using AdminPortal.Core.Activity;
using AdminPortal.Web.Activity;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Activity;

/// <summary>The filter of the record: what its controls ask for, and its address.</summary>
public sealed class ActivityFiltersTests : BunitContext
{
    private static readonly DateTimeOffset March = new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);
    private ActivityFilter? wanted;

    public ActivityFiltersTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public async Task Change_EachControl_AsksForThatAndKeepsTheRest()
    {
        var start = new ActivityFilter(Device: "device-1");
        var filters = Show(start);

        await filters.Find("#activity-kind").ChangeAsync(new ChangeEventArgs { Value = "revoked" });
        Assert.Equal(start with { Kind = "revoked" }, wanted);
        await filters.Find("#activity-who").ChangeAsync(new ChangeEventArgs { Value = " admin@example.org " });
        Assert.Equal(start with { Actor = "admin@example.org" }, wanted);
        await filters.Find("#activity-from").ChangeAsync(new ChangeEventArgs { Value = "2026-03-10" });
        Assert.Equal(start with { From = March }, wanted);
        await filters.Find("#activity-to").ChangeAsync(new ChangeEventArgs { Value = "2026-03-10" });
        Assert.Equal(start with { To = March.AddDays(1) }, wanted); // the day itself is in it
        await filters.Find("#activity-outcome").ChangeAsync(new ChangeEventArgs { Value = "Refused" });
        Assert.Equal(start with { Outcome = ActivityOutcome.Refused }, wanted);
        await filters.Find("#activity-device").ChangeAsync(new ChangeEventArgs { Value = " " });
        Assert.Equal(new ActivityFilter(), wanted);
    }

    [Fact]
    public void Filters_ForOnesOwnActivity_DoNotAskWhose()
    {
        var filters = Show(new ActivityFilter(), staff: false);

        Assert.Empty(filters.FindAll("#activity-who, #activity-user"));
    }

    [Fact]
    public void Kinds_EachWord_HasWordsOfItsOwn()
    {
        Assert.All(ActivityWords.Kinds, kind => Assert.NotEqual(kind, ActivityWords.Of(kind)));
        Assert.Equal(ActivityWords.Kinds.Count, ActivityWords.Kinds.Select(ActivityWords.Of).Distinct().Count());
    }

    [Fact]
    public void Address_OfAnyFilter_ReadsBackAsTheSame()
    {
        var filter = new ActivityFilter("account.created", "a&b@example.org", "u 1", "d=1", March, March.AddDays(2), ActivityOutcome.Done, "50% off");

        Assert.Equal(new ActivityQuery(filter, false, "cursor"), ActivityAddress.Parse(ActivityAddress.Of(new ActivityQuery(filter, false, "cursor"))));
        Assert.Equal(new ActivityQuery(filter, true), ActivityAddress.Parse(ActivityAddress.Of(new ActivityQuery(filter, true))));
        Assert.Equal("/activity", ActivityAddress.Of(new ActivityQuery()));
    }

    [Theory]
    [InlineData("/activity?from=yesterday&to=9999-12-31&outcome=7")]
    [InlineData("/activity?from=0001-01-01&to=2026-02-30")]
    public void Parse_WhatIsNoDay_IsNoFilter(string address) => Assert.Equal(new ActivityQuery(), ActivityAddress.Parse(address));

    private IRenderedComponent<ActivityFilters> Show(ActivityFilter filter, bool staff = true) => Render<ActivityFilters>(parameters => parameters
        .Add(f => f.Filter, filter)
        .Add(f => f.ForStaff, staff)
        .Add(f => f.OnChange, EventCallback.Factory.Create<ActivityFilter>(this, asked => wanted = asked)));
}
