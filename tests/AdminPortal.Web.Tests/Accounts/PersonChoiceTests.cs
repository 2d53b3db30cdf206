using AdminPortal.Core.Accounts;
using AdminPortal.Web.Accounts;

namespace AdminPortal.Web.Tests.Accounts;

/// <summary>An account that the command line makes gets its person, or somebody is asked.</summary>
public sealed class PersonChoiceTests
{
    private static readonly PersonFound Anna = new("u1", "Anna");

    [Fact]
    public async Task Make_OnePersonOfTheAddress_IsThatPerson()
    {
        var (person, said) = await MakeAsync([Anna]);

        Assert.Equal("u1", person);
        Assert.Contains("u1 (Anna)", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("u2\n", "u2")]
    [InlineData("  u2  \n", "u2")]
    [InlineData("\n", null)]
    [InlineData("", null)]
    public async Task Make_SeveralOrNobody_Asks(string answer, string? expected)
    {
        foreach (var people in (PersonFound[]?[])[[Anna, new("u2", null)], [], null])
        {
            var (person, said) = await MakeAsync(people, answer);

            Assert.Equal(expected, person);
            Assert.Contains("Id of the person", said, StringComparison.Ordinal);
            Assert.Equal(expected is null, said.Contains("portal accounts link --email anna@example.org", StringComparison.Ordinal));
        }
    }

    private static async Task<(string? Person, string Said)> MakeAsync(PersonFound[]? people, string answer = "")
    {
        var said = new StringWriter();
        return (await PersonChoice.MakeAsync(people, "anna@example.org", new StringReader(answer), said, TestContext.Current.CancellationToken), said.ToString());
    }
}
