using AdminPortal.Core.Sync;
using AdminPortal.Web.Sync;

namespace AdminPortal.Web.Tests.Sync;

public sealed class SyncListAddressTests
{
    [Theory]
    [InlineData("/sync", SyncGroup.Problems)]
    [InlineData("/sync?show=all", null)]
    [InlineData("/sync?show=silent", SyncGroup.Silent)]
    [InlineData("/sync?verdict=dormant", null)]
    [InlineData("/sync?show=problems&platform=ios", SyncGroup.Problems)]
    [InlineData("/sync?search=anna", null)]
    public void Parse_OfAnAddress_OpensWithItsGroup_AndComesBackTheSame(string address, SyncGroup? expected)
    {
        var query = SyncListAddress.Parse(address);

        Assert.Equal(expected, query.Group);
        Assert.Equal((SyncSort.Severity, false), (query.Sort, query.Descending));
        Assert.Equal(address, SyncListAddress.Of(query));
    }

    [Fact]
    public void Parse_OfAGroupThatIsNone_NamesIt()
    {
        SyncListAddress.Parse("/sync?show=everything", out var unreadable);

        Assert.Equal(["show=everything"], unreadable);
    }

    [Fact]
    public void Csv_OfAList_HasItsFilter() =>
        Assert.Equal("/sync.csv?show=silent&platform=ios", SyncListAddress.Csv(new SyncStatusQuery(Platform: "ios", Group: SyncGroup.Silent)));
}
