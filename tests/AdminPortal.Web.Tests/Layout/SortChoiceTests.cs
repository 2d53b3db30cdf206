using AdminPortal.Core.Users;
using AdminPortal.Web.Layout;
using AdminPortal.Web.Users;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Layout;

/// <summary>How a list is sorted where there is no room for column titles.</summary>
public sealed class SortChoiceTests : BunitContext
{
    public SortChoiceTests() => Services.AddScoped<PageAddress>();

    [Theory]
    [InlineData(false, "Sorted ascending: turn round", "/users?sort=-devices")]
    [InlineData(true, "Sorted descending: turn round", "/users?sort=devices")]
    public void Arrow_LeadsToTheSameOrderTheOtherWayRound(bool descending, string words, string address)
    {
        var query = new UserQuery(Sort: UserSort.Devices, Descending: descending);

        var choice = Render<SortChoice<UserSort>>(parameters => parameters
            .Add(c => c.Value, query.Sort).Add(c => c.Descending, query.Descending)
            .Add(c => c.Text, sort => sort.ToString()).Add(c => c.Address, sort => UserListAddress.SortedBy(query, sort, null)));

        var arrow = choice.Find("a");
        Assert.Equal(words, arrow.GetAttribute("aria-label"));
        Assert.Equal(address, arrow.GetAttribute("href"));
        Assert.Equal("Devices", choice.Find("select").GetAttribute("value"));
    }
}
