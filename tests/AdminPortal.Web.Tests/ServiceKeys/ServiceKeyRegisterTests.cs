using AdminPortal.Core.Activity;
using AdminPortal.Core.ServiceKeys;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.ServiceKeys;

/// <summary>Making and ending the keys of services.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class ServiceKeyRegisterTests(ApiPortal portal)
{
    private static readonly Actor Admin = new("admin", "First Admin", AccountRole.Admin, null, "192.0.2.1");
    private static readonly Actor OtherAdmin = new("other", "Second Admin", AccountRole.Admin, null, "192.0.2.2");
    private static int _count;

    private ServiceKeyRegister Keys => portal.Portal.Services.GetRequiredService<ServiceKeyRegister>();

    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreateAsync_ByAnAdmin_KeepsTheHashAndTheEndingOnly()
    {
        var name = NewName();

        var created = Assert.IsType<ServiceKeyOutcome.Created>(await Keys.CreateAsync(Admin, $"  {name} ", None));

        Assert.StartsWith("svc_", created.Key, StringComparison.Ordinal);
        var row = Assert.Single(await Keys.ListAsync(Admin, None), k => k.Name == name);
        Assert.Equal(created.Key[^4..], row.Ending);
        Assert.Equal("First Admin", row.CreatedBy);
        Assert.Null(row.LastUsedAt);
        await using var db = portal.Portal.Services.GetRequiredService<DeviceDatabases>().CreateDbContext();
        var stored = await db.ServiceKeys.Where(k => k.Id == created.Id).Select(k => k.KeyHash + k.Name + k.Ending + k.CreatedBy).SingleAsync(None);
        Assert.DoesNotContain(created.Key[4..^4], stored, StringComparison.Ordinal);
        Assert.Equal(["service-key.created by First Admin from 192.0.2.1: ok"], await AuditAsync(name));
    }

    [Theory]
    [InlineData(AccountRole.User)]
    [InlineData(AccountRole.Support)]
    public async Task Acts_ByOthers_AreRefusedAndShowNothing(AccountRole role)
    {
        var created = await CreateAsync();
        var actor = Admin with { Role = role };

        Assert.IsType<ServiceKeyOutcome.NotAllowed>(await Keys.CreateAsync(actor, NewName(), None));
        Assert.IsType<ServiceKeyOutcome.NotAllowed>(await Keys.RevokeAsync(actor, created.Id, None));
        Assert.Empty(await Keys.ListAsync(actor, None));
        Assert.NotNull(await Keys.AuthenticateAsync(created.Key, null, None));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("a\u0007b")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890123456789012345678901")]
    public async Task CreateAsync_BadName_SaysWhy(string name) =>
        Assert.NotEmpty(Assert.IsType<ServiceKeyOutcome.Invalid>(await Keys.CreateAsync(Admin, name, None)).Message);

    [Fact]
    public async Task CreateAsync_TwoAdminsAtOnceWithOneName_MakeOneKey()
    {
        var name = NewName();

        var outcomes = await Task.WhenAll(
            Task.Run(() => Keys.CreateAsync(Admin, name, None), None), Task.Run(() => Keys.CreateAsync(OtherAdmin, name, None), None));

        Assert.Single(outcomes.OfType<ServiceKeyOutcome.Created>());
        Assert.Single(outcomes.OfType<ServiceKeyOutcome.NameTaken>());
        Assert.Single(await Keys.ListAsync(Admin, None), k => k.Name == name);
        Assert.Single(await AuditAsync(name));
    }

    [Fact]
    public async Task CreateAsync_NameOfARevokedKey_IsFreeAgain()
    {
        var name = NewName();
        var first = Assert.IsType<ServiceKeyOutcome.Created>(await Keys.CreateAsync(Admin, name, None));
        await Keys.RevokeAsync(Admin, first.Id, None);

        Assert.IsType<ServiceKeyOutcome.Created>(await Keys.CreateAsync(Admin, name, None));
    }

    [Fact]
    public async Task RevokeAsync_SecondAdmin_HearsWhoWasQuicker()
    {
        var created = await CreateAsync();

        Assert.IsType<ServiceKeyOutcome.Revoked>(await Keys.RevokeAsync(Admin, created.Id, None));

        Assert.Equal("First Admin", Assert.IsType<ServiceKeyOutcome.AlreadyRevoked>(await Keys.RevokeAsync(OtherAdmin, created.Id, None)).By);
        Assert.IsType<ServiceKeyOutcome.NotFound>(await Keys.RevokeAsync(Admin, "nobody", None));
    }

    [Fact]
    public async Task AuthenticateAsync_FirstUse_IsRememberedWithItsAddress()
    {
        var created = await CreateAsync();

        await Keys.AuthenticateAsync(created.Key, "192.0.2.7", None);
        await Keys.AuthenticateAsync(created.Key, "192.0.2.8", None); // within the minute

        var row = Assert.Single(await Keys.ListAsync(Admin, None), k => k.Id == created.Id);
        Assert.NotNull(row.LastUsedAt);
        Assert.Equal("192.0.2.7", row.LastUsedAddress);
    }

    [Fact]
    public async Task AuthenticateAsync_KeyWithOneLetterChanged_IsNobodys()
    {
        var key = (await CreateAsync()).Key;

        Assert.Null(await Keys.AuthenticateAsync(key[..^1] + (key[^1] == 'A' ? 'B' : 'A'), null, None));
    }

    private async Task<ServiceKeyOutcome.Created> CreateAsync() => Assert.IsType<ServiceKeyOutcome.Created>(await Keys.CreateAsync(Admin, NewName(), None));

    private static string NewName() => $"Register {Interlocked.Increment(ref _count)}";

    private async Task<List<string>> AuditAsync(string subject)
    {
        await using var db = await portal.Portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(None);
        return await db.AuditEvents.Where(e => e.Subject == subject).OrderBy(e => e.Id).Select(e => $"{e.Action} by {e.ActorName} from {e.Address}: {e.Outcome}").ToListAsync(None);
    }
}
