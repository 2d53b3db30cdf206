using AdminPortal.Web.Layout;
using Bunit;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Tests.Layout;

/// <summary>A number of a setting: what is none is said so at the field, and stays as it was typed.</summary>
public sealed class NumberFieldTests : MudContext
{
    private int? told = 7;

    [Theory]
    [InlineData("", null)]
    [InlineData("many", null)]
    [InlineData("0", 0)]
    [InlineData("3651", 3651)]
    public async Task Number_ThatIsWrong_IsToldAtTheField(string typed, int? number)
    {
        var field = Show();

        await field.Find("#days").ChangeAsync(new ChangeEventArgs { Value = typed });

        Assert.Equal(number, told);
        Assert.Equal("Type a whole number from 1 to 3,650.", field.Find("#days-error").TextContent.Trim());
        Assert.Equal("true", field.Find("#days").GetAttribute("aria-invalid"));
        Assert.Equal(typed, field.Find("#days").GetAttribute("value"));
    }

    [Fact]
    public async Task Number_ThatIsRight_HasNoFault()
    {
        var field = Show();

        await field.Find("#days").ChangeAsync(new ChangeEventArgs { Value = "30" });

        Assert.Equal(30, told);
        Assert.Empty(field.FindAll("#days-error"));
    }

    private IRenderedComponent<NumberField> Show() => Render<NumberField>(parameters => parameters
        .Add(f => f.Id, "days").Add(f => f.Label, "Days").Add(f => f.Value, 7).Add(f => f.Least, 1).Add(f => f.Most, 3650)
        .Add(f => f.OnChange, EventCallback.Factory.Create<int?>(this, number => told = number)));
}
