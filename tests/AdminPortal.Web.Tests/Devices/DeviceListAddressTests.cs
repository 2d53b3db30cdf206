using AdminPortal.Core.Devices;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using AdminPortal.Web.Devices;

namespace AdminPortal.Web.Tests.Devices;

/// <summary>The Devices page's state in its address.</summary>
public sealed class DeviceListAddressTests
{
    public static TheoryData<DeviceQuery> Queries =>
    [
        new DeviceQuery(),
        new DeviceQuery(new DeviceFilter("Zoë & co = 100% #1?")),
        new DeviceQuery(new DeviceFilter(User: "maier")),
        new DeviceQuery(new DeviceFilter(State: DeviceStanding.Quarantined, Type: DeviceType.MobileIos)),
        new DeviceQuery(new DeviceFilter("x", DeviceStanding.Expiring, DeviceType.Tablet, PermissionScope.WriteNotes, new Age(7, false), new Age(60, true), "ios", "2.4"), DeviceSort.User, Descending: false, Cursor: "abc-_1"),
        new DeviceQuery(Sort: DeviceSort.LastSeen, Descending: false),
        new DeviceQuery(Sort: DeviceSort.Name, Descending: true),
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public void Parse_OfAnAddressMadeFromAQuery_IsThatQuery(DeviceQuery query) =>
        Assert.Equal(query, DeviceListAddress.Parse("http://localhost:5080" + DeviceListAddress.Of(query)));

    [Fact]
    public void Of_DefaultQuery_IsThePlainAddress() => Assert.Equal("/devices", DeviceListAddress.Of(new DeviceQuery()));

    [Theory]
    [InlineData("/devices?state=7&type=0&sort=3&scope=1&seen=soon&paired=over-0d&seen=7")]
    [InlineData("/devices?state=&sort=nothing&sort=x")]
    public void Parse_Nonsense_IsTheDefault(string address) => Assert.Equal(new DeviceQuery(), DeviceListAddress.Parse("http://localhost" + address));

    [Fact]
    public void SortedBy_SameColumnAgain_TurnsRoundAndStartsAtTheBeginning()
    {
        var query = new DeviceQuery(new DeviceFilter("x"), Sort: DeviceSort.Name, Descending: false, Cursor: "abc");

        Assert.Equal(new DeviceQuery(new DeviceFilter("x"), Sort: DeviceSort.Name, Descending: true), DeviceListAddress.Parse("http://h" + DeviceListAddress.SortedBy(query, DeviceSort.Name)));
    }

    [Fact]
    public void ParseColumns_OfAnAddressMadeFromColumns_AreThose()
    {
        DeviceColumn[] chosen = [DeviceColumn.App, DeviceColumn.Person];

        Assert.Equal([DeviceColumn.Person, DeviceColumn.App], DeviceListAddress.ParseColumns("http://h" + DeviceListAddress.Of(new DeviceQuery(), chosen)));
        Assert.Equal("/devices", DeviceListAddress.Of(new DeviceQuery(), DeviceColumns.Default));
        Assert.Null(DeviceListAddress.ParseColumns("http://h/devices?columns=colour,0"));
    }
}
