using AdminPortal.Core.Users;
using AdminPortal.Web.Users;

namespace AdminPortal.Web.Tests.Users;

/// <summary>The Users page's state in its address.</summary>
public sealed class UserListAddressTests
{
    public static TheoryData<UserQuery> Queries =>
    [
        new UserQuery(),
        new UserQuery(new UserFilter("Zoë & co = 100% #1?")),
        new UserQuery(new UserFilter("x", UserDevices.NoneWorking, UserSync.LongAgo), UserSort.LastSynced, Descending: true, Cursor: "abc-_1"),
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public void Parse_OfAnAddressMadeFromAQuery_IsThatQuery(UserQuery query) =>
        Assert.Equal(query, UserListAddress.Parse("http://localhost:5080" + UserListAddress.Of(query)));

    [Fact]
    public void ParseColumns_OfAnAddressMadeFromColumns_AreThose()
    {
        UserColumn[] chosen = [UserColumn.Id, UserColumn.Joined];

        Assert.Equal([UserColumn.Joined, UserColumn.Id], UserListAddress.ParseColumns("http://h" + UserListAddress.Of(new UserQuery(), chosen)));
        Assert.Equal("/users", UserListAddress.Of(new UserQuery(), UserColumns.Default));
        Assert.Null(UserListAddress.ParseColumns("http://h/users?columns=colour,0"));
    }
}
