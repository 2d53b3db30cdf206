using AdminPortal.Core.Devices;
using AdminPortal.Data.Devices;
using AdminPortal.Web.Devices;

namespace AdminPortal.Web.Tests.Devices;

/// <summary>The Devices page's state in its address.</summary>
public sealed class DeviceListAddressTests
{
    public static TheoryData<DeviceQuery> Queries =>
    [
        new DeviceQuery(),
        new DeviceQuery("Zoë & co = 100% #1?"),
        new DeviceQuery(State: DeviceStatus.Quarantined, Type: DeviceType.MobileIos),
        new DeviceQuery("x", DeviceStatus.Expired, DeviceType.Tablet, DeviceSort.User, Descending: false, Cursor: "abc-_1"),
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
    [InlineData("/devices?state=7&type=0&sort=3")]
    [InlineData("/devices?state=&sort=nothing&sort=x")]
    public void Parse_Nonsense_IsTheDefault(string address) => Assert.Equal(new DeviceQuery(), DeviceListAddress.Parse("http://localhost" + address));

    [Fact]
    public void SortedBy_SameColumnAgain_TurnsRoundAndStartsAtTheBeginning()
    {
        var query = new DeviceQuery("x", Sort: DeviceSort.Name, Descending: false, Cursor: "abc");

        Assert.Equal(new DeviceQuery("x", Sort: DeviceSort.Name, Descending: true), DeviceListAddress.Parse("http://h" + DeviceListAddress.SortedBy(query, DeviceSort.Name)));
    }
}
