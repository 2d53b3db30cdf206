using AdminPortal.Core.Lists;
using AdminPortal.Core.Policies;
using AdminPortal.Data.Devices;
using AdminPortal.Web.DevicePolicies;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.DevicePolicies;

/// <summary>What a simulation tells: numbers, people, effect, and whether it can be undone.</summary>
public sealed class SimulationViewTests : BunitContext
{
    private static readonly DateTime Seen = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly PolicyMatch Phone = new("p1", "d1", DeviceType.MobileIos, "Ward phone", "u1", "Anna", Seen, Seen.AddDays(90), null);
    private (string Subject, PolicyMatch Match)? exempted;
    private string? turned;

    public SimulationViewTests() => Services.AddSingleton(TimeProvider.System);

    [Theory]
    [InlineData(UnseenAct.Quarantine, "tell the owners of 3 devices and quarantine 2 devices. A quarantine can be released.")]
    [InlineData(UnseenAct.Revoke, "tell the owners of 3 devices and revoke 2 devices. For a day that can be taken back.")]
    public void Unseen_SaysWhatTheNextRunWouldDo(UnseenAct act, string expected) =>
        Assert.Contains(expected, Status(Show(new PolicySettings.Unseen(60, 14, act), [Phone], devices: 1200, toWarn: 3, due: 2)), StringComparison.Ordinal);

    [Fact]
    public void Matches_AreCountedAndNamed()
    {
        var status = Status(Show(new PolicySettings.DevicesPerUser(1), [Phone], devices: 1200));

        Assert.Contains("1,200 devices match, of 7 people: Anna and others.", status, StringComparison.Ordinal);
        Assert.Contains("They stay", status, StringComparison.Ordinal);
    }

    [Fact]
    public void NoMatch_IsSaid() => Assert.Equal("No device matches.", Status(Show(new PolicySettings.DevicesPerUser(1), [], devices: 0)));

    [Fact]
    public async Task Exempt_DeviceOrPerson_RaisesWhich()
    {
        var view = Show(new PolicySettings.DevicesPerUser(1), [Phone], devices: 1);

        await view.Find("button[aria-label='Exempt… Ward phone']").ClickAsync(new MouseEventArgs());
        Assert.Equal((PolicySubject.Pairing, Phone), exempted);
        await view.Find("button[aria-label='Exempt person… Anna']").ClickAsync(new MouseEventArgs());
        Assert.Equal((PolicySubject.User, Phone), exempted);
    }

    [Fact]
    public void Exempt_ForSupport_IsNotOffered() => Assert.Empty(Show(new PolicySettings.DevicesPerUser(1), [Phone], devices: 1, mayExempt: false).FindAll("button"));

    [Fact]
    public async Task Pages_AreTurnedByCursor()
    {
        var view = Show(new PolicySettings.DevicesPerUser(1), [Phone], devices: 30, next: "c2");

        Assert.True(view.FindAll("nav button")[0].HasAttribute("disabled"));
        await view.FindAll("nav button")[1].ClickAsync(new MouseEventArgs());

        Assert.Equal("c2", turned);
    }

    private static string Status(IRenderedComponent<SimulationView> view) =>
        string.Join(' ', view.Find("[role=status]").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace(" ,", ",", StringComparison.Ordinal);

    private IRenderedComponent<SimulationView> Show(
        PolicySettings settings, PolicyMatch[] rows, int devices, int toWarn = 0, int? due = null, bool mayExempt = true, string? next = null) => Render<SimulationView>(parameters => parameters
        .Add(v => v.Settings, settings).Add(v => v.MayExempt, mayExempt)
        .Add(v => v.Simulation, new PolicySimulation(new ListPage<PolicyMatch>(rows, next, null, new Tally(rows.Length)), devices, devices == 0 ? 0 : 7, devices == 0 ? [] : ["Anna"], toWarn, due))
        .Add(v => v.OnExempt, EventCallback.Factory.Create<(string, PolicyMatch)>(this, whom => exempted = whom))
        .Add(v => v.OnTurn, EventCallback.Factory.Create<string?>(this, cursor => turned = cursor)));
}
