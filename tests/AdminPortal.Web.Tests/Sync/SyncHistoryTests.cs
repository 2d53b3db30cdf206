using System.Globalization;
using AdminPortal.Web.Tests.Hosting;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>
/// The promises of the protocol over random histories of three devices, a host application and a bad network. A failure says its
/// seed: <c>SYNC_SEED=1,3</c> in the environment plays it again.
/// </summary>
[Collection(ApiPortalCollection.Name)]
public sealed class SyncHistoryTests(ApiPortal portal)
{
    private const int Histories = 25;

    [Fact]
    public Task AnyHistory_WhenEverybodyHasSynced_HasLostAndDoubledNothing() => Task.Run(
        () => Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Histories).WithReplay(Seed()),
            Prop.ForAll(SyncHistory.Any, history => SyncHistoryRun.PlayAsync(portal, history))),
        TestContext.Current.CancellationToken);

    private static FSharpOption<Replay> Seed() => Environment.GetEnvironmentVariable("SYNC_SEED")?.Split(',') is [var seed, var gamma]
        ? FSharpOption<Replay>.Some(new Replay(new Rnd(ulong.Parse(seed, CultureInfo.InvariantCulture), ulong.Parse(gamma, CultureInfo.InvariantCulture)), FSharpOption<int>.None))
        : FSharpOption<Replay>.None;
}
