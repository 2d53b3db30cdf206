using AdminPortal.Core.Activity;
using AdminPortal.Core.Tests.DataLayer;
using AdminPortal.Core.Verification;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Tests.Verification;

/// <summary>Deciding which row keeps a clientId: on record, once, and only over the rows that were seen.</summary>
public sealed class ClientIdDuplicatesTests(PostgresCluster cluster)
{
    private const string Rows = """
        DROP INDEX public."tasks_clientId_key";
        INSERT INTO public.users (id, email, "updatedAt") VALUES ('u', 'una@example.org', now());
        INSERT INTO public.tasks (id, "userId", title, "updatedAt", "clientId") VALUES ('1', 'u', 't', '2026-01-01', 'a'), ('2', 'u', 't', '2026-01-02', 'a'), ('3', 'u', 't', '2026-01-03', 'b'), ('4', 'u', 't', '2026-01-04', NULL)
        """;

    private static readonly Actor Support = new("s", "Sam", AccountRole.Support, null, null);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ListAsync_TwoRowsWithOne_AreAGroupNewestFirst()
    {
        await using var world = await CreateAsync();

        var list = await Duplicates(world).ListAsync(Support, VerificationWorld.Target, Token);

        Assert.Equal(1, list.Total);
        var group = Assert.Single(list.Groups);
        Assert.Equal(("tasks", "a"), (group.Table, group.ClientId));
        Assert.Equal(["2", "1"], group.Rows.Select(r => r.Id));
    }

    [Fact]
    public async Task ResolveAsync_ByAnAdmin_LeavesItOnOneRowAndOnRecord()
    {
        await using var world = await CreateAsync();

        var outcome = await ResolveAsync(world, Actor.CommandLine, "1", "2", "1");

        Assert.Equal(new ResolveDuplicateOutcome.Done(1), outcome);
        Assert.Equal("1:a 2: 3:b 4:", await StateAsync(world));
        await using var db = await world.Portals.CreateDbContextAsync(Token);
        Assert.Equal("main:tasks", (await db.AuditEvents.SingleAsync(e => e.Action == "duplicate.resolved", Token)).Subject);
        Assert.Equal(0, (await Duplicates(world).ListAsync(Support, VerificationWorld.Target, Token)).Total);
    }

    [Fact]
    public async Task ResolveAsync_RowsAreNotTheOnesSeen_ChangesNothing()
    {
        await using var world = await CreateAsync();
        await world.ExecuteAsync("""UPDATE public.tasks SET "clientId" = 'a' WHERE id = '4'""");

        Assert.IsType<ResolveDuplicateOutcome.ChangedMeanwhile>(await ResolveAsync(world, Actor.CommandLine, "1", "1", "2"));
        Assert.Equal("1:a 2:a 3:b 4:a", await StateAsync(world));
    }

    [Fact]
    public async Task ResolveAsync_TwoAdminsAtOnce_OneDecides()
    {
        await using var world = await CreateAsync();

        var outcomes = await Task.WhenAll(ResolveAsync(world, Actor.CommandLine, "1", "1", "2"), ResolveAsync(world, Actor.CommandLine, "2", "1", "2"));

        Assert.Single(outcomes.OfType<ResolveDuplicateOutcome.Done>());
        Assert.Single(outcomes.OfType<ResolveDuplicateOutcome.ChangedMeanwhile>());
    }

    [Fact]
    public async Task ResolveAsync_BySupport_IsRefused()
    {
        await using var world = await CreateAsync();

        Assert.IsType<ResolveDuplicateOutcome.NotAllowed>(await ResolveAsync(world, Support, "1", "1", "2"));
        Assert.Equal("1:a 2:a 3:b 4:", await StateAsync(world));
    }

    private async Task<VerificationWorld> CreateAsync()
    {
        var world = await VerificationWorld.CreateAsync(cluster);
        await world.ExecuteAsync(Rows);
        return world;
    }

    private static ClientIdDuplicates Duplicates(VerificationWorld world) => new(world.Access, new AuditLog(world.Portals));

    private static Task<ResolveDuplicateOutcome> ResolveAsync(VerificationWorld world, Actor actor, string keep, params string[] shown) =>
        Duplicates(world).ResolveAsync(actor, VerificationWorld.Target, "tasks", "a", keep, shown, Token);

    private static Task<string?> StateAsync(VerificationWorld world) => Sql.ScalarAsync<string>(
        world.Database.OwnerConnectionString, """SELECT string_agg(id || ':' || coalesce("clientId", ''), ' ' ORDER BY id) FROM public.tasks""");
}
