using AdminPortal.Core.Overview;
using AdminPortal.Core.Tests.Migrations;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Tests.Overview;

/// <summary>The list of the first days ticks what is really there.</summary>
public sealed class FirstDaysTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_EmptyPortal_HasOnlyTheSignInDone_AndTicksWhatIsDone()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster, migrated: true);
        var days = world.Get<FirstDays>();
        Assert.Equal(["Sign in"], Done(await days.ReadAsync(OperationsWorld.Admin, Token)));

        await using var portal = await world.Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(Token);
        portal.Accounts.AddRange(Admin("one"), Admin("two"));
        await portal.SaveChangesAsync(Token);
        Assert.Equal(
            ["Sign in", "Link your account to a user", "Invite a second admin"],
            Done(await days.ReadAsync(OperationsWorld.Admin with { UserId = "u" }, Token)));
    }

    [Fact]
    public async Task Read_ForSupport_IsEmpty()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster, migrated: true);

        Assert.Empty(await world.Get<FirstDays>().ReadAsync(OperationsWorld.Support, Token));
    }

    private static IEnumerable<string> Done(IReadOnlyList<FirstStep> steps) => steps.Where(s => s.IsDone).Select(s => s.Title);

    private static Account Admin(string name) => new() { Id = name, UserName = name, NormalizedUserName = name, Email = name, NormalizedEmail = name, Role = AccountRole.Admin };
}
