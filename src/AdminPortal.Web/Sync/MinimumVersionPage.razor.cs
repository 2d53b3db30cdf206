using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Sync;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Sync;

/// <param name="Minimum">Null: every version may sync.</param>
public sealed record MinimumVersionView(string? Minimum);

/// <summary>The oldest app version that may sync: first whom it would stop, then the switch.</summary>
public sealed partial class MinimumVersionPage
{
    private string draft = "";
    private MinimumSimulation? simulation;
    private string? problem;

    [Inject] public required MinimumVersions Minimums { get; set; }

    [Inject] internal Messages Notices { get; set; } = null!;

    [Inject] internal OneAct Once { get; set; } = null!;

    private bool IsSimulated => simulation is not null && simulation.Minimum == draft.Trim();

    protected override async Task<MinimumVersionView?> LoadAsync(Actor actor, CancellationToken cancellationToken) => new(await Minimums.ReadAsync(cancellationToken));

    protected override bool Concerns(DeviceChange change) => change == DeviceChange.Everything;

    private Task SimulateAsync() => Once.RunAsync(async () =>
    {
        simulation = await Minimums.SimulateAsync(Actor!, draft, Life);
        problem = simulation is null ? "A version begins with numbers, such as 1.5 or 2.0.1." : null;
    });

    private Task SetAsync(string? minimum) => Once.RunAsync(async () =>
    {
        switch (await Minimums.SetAsync(Actor!, minimum, State.Value!.Minimum, Life))
        {
            case MinimumOutcome.Done:
                Notices.Done(minimum is null ? "Every version may sync." : $"Apps below {minimum} may no longer sync.");
                (simulation, draft) = (null, "");
                break;
            case MinimumOutcome.ChangedMeanwhile { Current: var current }:
                problem = $"Someone set it to {current ?? "none"} meanwhile. Nothing of yours was set.";
                break;
            case MinimumOutcome.Invalid invalid:
                problem = invalid.Message;
                break;
            default:
                Notices.Warn("Your role does not allow this. Nothing was changed.");
                break;
        }

        await ReloadAsync();
    });

    private void Discard() => (draft, simulation, problem) = ("", null, null);

    private static string Many(int count, string one, string many) => count == 1 ? $"1 {one}" : $"{count:N0} {many}";
}
