using AdminPortal.Core.Sync.Simulation;
using FsCheck;
using FsCheck.Fluent;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>What happens next on one device, or behind its back.</summary>
public enum HistoryAct
{
    Edit,
    Push,
    Pull,
    Sync,

    /// <summary>The app dies while the answer of a push is on its way, and comes back with its disk.</summary>
    Die,

    /// <summary>Another program writes, changes or deletes a task.</summary>
    HostWrites,

    /// <summary>Deletions are forgotten at once.</summary>
    Purge,

    /// <summary>As after a restored backup.</summary>
    NewEpoch,
}

/// <summary>One step of a history.</summary>
/// <param name="Choice">Decides everything that the act leaves open.</param>
/// <param name="Fault">What the network does to the first request of the step.</param>
public sealed record HistoryStep(int Device, HistoryAct Act, int Choice, NetworkFault Fault);

/// <summary>Random histories. The same seed makes the same history, and FsCheck shrinks one that fails.</summary>
internal static class SyncHistory
{
    public const int Devices = 3;

    /// <summary>Steps of a history: enough for each device to meet the others several times.</summary>
    private const int Length = 60;

    private static readonly Gen<HistoryStep> Step =
        from device in Gen.Choose(0, Devices - 1)
        from act in Gen.Frequency(
            (12, Gen.Constant(HistoryAct.Edit)), (6, Gen.Constant(HistoryAct.Push)), (5, Gen.Constant(HistoryAct.Pull)), (2, Gen.Constant(HistoryAct.Sync)),
            (2, Gen.Constant(HistoryAct.Die)), (4, Gen.Constant(HistoryAct.HostWrites)), (1, Gen.Constant(HistoryAct.Purge)), (1, Gen.Constant(HistoryAct.NewEpoch)))
        from fault in Gen.Frequency(
            (6, Gen.Constant(NetworkFault.None)), (1, Gen.Constant(NetworkFault.LoseRequest)), (2, Gen.Constant(NetworkFault.LoseReply)),
            (1, Gen.Constant(NetworkFault.Repeat)), (1, Gen.Constant(NetworkFault.Late)))
        from choice in Gen.Choose(0, 100_000)
        select new HistoryStep(device, act, choice, fault);

    public static Arbitrary<HistoryStep[]> Any { get; } = Arb.From(Gen.ArrayOf(Step, Length), Shrink);

    /// <summary>A shorter history that still fails says more.</summary>
    private static IEnumerable<HistoryStep[]> Shrink(HistoryStep[] history)
    {
        for (var part = history.Length / 2; part >= 1; part /= 2)
        {
            for (var from = 0; from + part <= history.Length; from += part)
                yield return [.. history[..from], .. history[(from + part)..]];
        }
    }
}
