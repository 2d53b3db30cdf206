using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Lists;
using AdminPortal.Core.Sync;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Sync;

/// <summary>The numbers behind the verdicts: a draft, what it would change, and the switch.</summary>
public sealed partial class ThresholdsPage
{
    private SyncThresholds? draft;
    private SyncThresholds? simulated;
    private List<VerdictChange>? changes;
    private string? problem;

    [Inject] public required SyncThresholdSettings Settings { get; set; }

    [Inject] internal Messages Notices { get; set; } = null!;

    [Inject] internal OneAct Once { get; set; } = null!;

    private SyncThresholds Draft => draft ?? State.Value!;

    private bool IsSimulated => simulated is not null && simulated == Draft;

    protected override async Task<SyncThresholds?> LoadAsync(Actor actor, CancellationToken cancellationToken) => await Settings.ReadAsync(cancellationToken);

    protected override bool Concerns(DeviceChange change) => change == DeviceChange.Everything;

    private void Change(SyncThreshold threshold, int? typed)
    {
        if (typed is not { } number)
        {
            problem = $"“{threshold.Title}” must be a number."; // what was typed stays in the field
            return;
        }

        draft = threshold.Set(Draft, number);
        problem = Draft.Wrong;
    }

    private void Take(SyncThresholds thresholds) => (draft, problem) = (thresholds, null);

    private Task SimulateAsync() => Once.RunAsync(async () =>
    {
        var (now, then) = (await Settings.SimulateAsync(Actor!, State.Value!, Life), await Settings.SimulateAsync(Actor!, Draft, Life));
        problem = Draft.Wrong;
        (simulated, changes) = then is null || now is null ? (null, null) : (Draft, VerdictChange.Between(now, then));
    });

    private Task SaveAsync() => Once.RunAsync(async () =>
    {
        if (!IsSimulated)
        {
            return;
        }

        switch (await Settings.SetAsync(Actor!, Draft, State.Value!, Life))
        {
            case ThresholdOutcome.Done:
                Notices.Done("The thresholds apply from now on.");
                (draft, simulated, changes, problem) = (null, null, null, null);
                break;
            case ThresholdOutcome.ChangedMeanwhile:
                problem = "Someone else changed the thresholds meanwhile. Yours were not saved; compare them with what holds now.";
                simulated = null;
                break;
            case ThresholdOutcome.Invalid invalid:
                problem = invalid.Message;
                break;
            default:
                Notices.Warn("Your role does not allow this. Nothing was changed.");
                break;
        }

        await ReloadAsync();
    });

    /// <summary>How many devices have a verdict now, and would have it then.</summary>
    private sealed record VerdictChange(SyncVerdict Verdict, Tally Now, Tally Then)
    {
        /// <summary>Of the verdicts whose number differs.</summary>
        public static List<VerdictChange> Between(IReadOnlyDictionary<SyncVerdict, Tally> now, IReadOnlyDictionary<SyncVerdict, Tally> then) =>
        [
            .. Enum.GetValues<SyncVerdict>()
                .Select(verdict => new VerdictChange(verdict, now.GetValueOrDefault(verdict) ?? new Tally(0), then.GetValueOrDefault(verdict) ?? new Tally(0)))
                .Where(change => change.Now != change.Then),
        ];
    }
}
