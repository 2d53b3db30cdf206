using AdminPortal.Core.Policies;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using AdminPortal.Web.DevicePolicies;
using AdminPortal.Web.Tests.Layout;
using Bunit;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Tests.DevicePolicies;

/// <summary>The form of each policy: what a change becomes, and who can make one.</summary>
public sealed class PolicyFormTests : MudContext
{
    private PolicySettings? changed;

    [Theory]
    [InlineData("warn-days", "90", 90, 14, UnseenAct.Quarantine)]
    [InlineData("act-days", "0", 60, 0, UnseenAct.Quarantine)]
    [InlineData("act", "Revoke", 60, 14, UnseenAct.Revoke)]
    public async Task Unseen_EachField_ChangesItsNumber(string field, string value, int warn, int act, UnseenAct what)
    {
        var form = Show(new PolicySettings.Unseen(60, 14, UnseenAct.Quarantine));

        await form.Find($"#{field}").ChangeAsync(new ChangeEventArgs { Value = value });

        Assert.Equal(new PolicySettings.Unseen(warn, act, what), changed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("many")]
    [InlineData("99999999999")]
    public async Task Number_ThatIsNone_IsRefusedWithASentence(string value)
    {
        await Show(new PolicySettings.DevicesPerUser(3)).Find("#maximum").ChangeAsync(new ChangeEventArgs { Value = value });

        Assert.NotNull(changed!.Check());
    }

    [Fact]
    public async Task LongestPairing_DaysAndShortening_AreKeptApart()
    {
        var form = Show(new PolicySettings.LongestPairing(90, ShortenExisting: false));

        await form.Find("input[type=checkbox]").ChangeAsync(new ChangeEventArgs { Value = true });
        Assert.Equal(new PolicySettings.LongestPairing(90, ShortenExisting: true), changed);
        await form.Find("#days").ChangeAsync(new ChangeEventArgs { Value = "30" });
        Assert.Equal(new PolicySettings.LongestPairing(30, ShortenExisting: false), changed); // the parameter has not changed: the page decides
    }

    [Fact]
    public async Task AllowedTypes_LastOneTakenAway_IsRefusedWithASentence()
    {
        var form = Show(new PolicySettings.AllowedTypes([DeviceType.Desktop]));

        await form.FindAll("input")[0].ChangeAsync(new ChangeEventArgs { Value = false });

        Assert.NotNull(changed!.Check());
    }

    [Fact]
    public async Task AdminScopes_FullAccess_IsNotAChoice()
    {
        var form = Show(new PolicySettings.AdminScopes([PermissionScope.AccessDiagnosis]));

        Assert.DoesNotContain("Full access", form.Markup, StringComparison.Ordinal);
        await form.FindAll("input")[0].ChangeAsync(new ChangeEventArgs { Value = true });
        Assert.Equal([PermissionScope.ReadPatientData, PermissionScope.AccessDiagnosis], Assert.IsType<PolicySettings.AdminScopes>(changed).Scopes);
    }

    [Fact]
    public void Form_ForSupport_CannotBeChanged() =>
        Assert.True(Show(new PolicySettings.DevicesPerUser(3), readOnly: true).Find("fieldset").HasAttribute("disabled"));

    private IRenderedComponent<PolicyForm> Show(PolicySettings draft, bool readOnly = false) => Render<PolicyForm>(parameters => parameters
        .Add(f => f.Draft, draft).Add(f => f.ReadOnly, readOnly)
        .Add(f => f.OnChange, EventCallback.Factory.Create<PolicySettings>(this, settings => changed = settings)));
}
