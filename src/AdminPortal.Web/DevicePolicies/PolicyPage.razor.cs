using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Policies;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AdminPortal.Web.DevicePolicies;

/// <summary>A policy as it is saved, with its exemptions.</summary>
public sealed record PolicyView(PolicyRow Policy, IReadOnlyList<ExemptionRow> Exemptions);

/// <summary>
/// One policy: a draft of its settings, what that would meet, and only then the switch. A draft that was begun is kept
/// while the page reads again, also when another admin saved meanwhile.
/// </summary>
public sealed partial class PolicyPage
{
    private const int Rows = 25;
    private PolicySettings? draft;
    private string? draftOf;
    private int seenVersion;
    private PolicySettings? simulated;
    private PolicySimulation? simulation;
    private string? changedBy;
    private bool busy;

    [Parameter] public required string Name { get; set; }

    [Inject] public required PolicyList List { get; set; }

    [Inject] public required PolicyActs Acts { get; set; }

    [Inject] public required PolicySimulator Simulator { get; set; }

    [Inject] public required DialogService Dialogs { get; set; }

    [Inject] internal Messages Messages { get; set; } = null!;

    protected override string ViewKey => Name;

    private bool IsAdmin => Actor?.IsAdmin == true;

    private bool IsSimulated => simulation is not null && simulated == draft;

    private bool IsChanged => State.Value is { } view && draft!.Describe() != view.Policy.Settings.Describe();

    protected override async Task<PolicyView?> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (await List.FindAsync(actor, Name, cancellationToken) is not { } policy)
        {
            return null;
        }

        var exemptions = await List.ExemptionsAsync(actor, Name, cancellationToken);
        if (draftOf != Name || (policy.Version != seenVersion && !IsChanged))
        {
            (draft, draftOf, seenVersion, simulation, changedBy) = (policy.Settings, Name, policy.Version, null, null);
        }
        else if (policy.Version != seenVersion)
        {
            changedBy = policy.UpdatedBy; // the version stays the one that was seen: a save has to be told as well
        }

        return new PolicyView(policy, exemptions);
    }

    protected override bool Concerns(DeviceChange change) => change == DeviceChange.Everything;

    private void Change(PolicySettings settings) => draft = settings;

    private Task SimulateAsync(string? cursor) => GuardAsync(async () =>
    {
        var asked = draft!;
        simulation = await Simulator.SimulateAsync(Actor!, asked, cursor, Rows, Life);
        simulated = asked;
    });

    private Task SaveAsync(bool enabled) => GuardAsync(async () =>
    {
        var policy = State.Value!.Policy;
        var outcome = await Acts.SaveAsync(Actor!, enabled ? draft! : policy.Settings, enabled, seenVersion, Life);
        (seenVersion, changedBy) = outcome switch
        {
            PolicyOutcome.Done done => (done.Version, null),
            PolicyOutcome.ChangedMeanwhile { Current: var current } => (current.Version, current.UpdatedBy),
            _ => (seenVersion, changedBy),
        };
        Messages.Show(outcome, $"“{PolicyTitles.Of(Name)}” is {(enabled ? policy.Enabled ? "saved" : "switched on" : "switched off")}.");
        await ReloadAsync();
    });

    private async Task ExemptAsync((string Subject, PolicyMatch Match) whom)
    {
        var (subject, match) = whom;
        var ofPerson = subject == PolicySubject.User;
        await Dialogs.OpenAsync<ExemptDialog>(ofPerson ? $"Exempt {match.Person}?" : $"Exempt “{match.Title}”?", new()
        {
            [nameof(ExemptDialog.What)] = $"The policy “{PolicyTitles.Of(Name)}” leaves {(ofPerson ? $"all devices of {match.Person}, those of later too," : $"“{match.Title}” of {match.Person}")} alone.",
            [nameof(ExemptDialog.Now)] = (Func<DateTimeOffset>)Time.GetUtcNow,
            [nameof(ExemptDialog.OnCancel)] = EventCallback.Factory.Create(this, () => Dialogs.Close()),
            [nameof(ExemptDialog.OnConfirm)] = EventCallback.Factory.Create<(string Reason, DateTimeOffset? Until)>(this, async answer =>
            {
                if (await Messages.TryAsync(async () => Messages.Show(
                    await Acts.ExemptAsync(Actor!, Name, subject, ofPerson ? match.UserId : match.Id, answer.Reason, answer.Until, Life),
                    $"{(ofPerson ? match.Person : $"“{match.Title}”")} is exempt.")))
                {
                    Dialogs.Close();
                    await SimulateAsync(null);
                    await ReloadAsync();
                }
            }),
        }, new DialogOptions { Width = "30rem", CloseDialogOnEsc = true, AutoFocusFirstElement = true });
    }

    private Task EndExemptionAsync(ExemptionRow row) => GuardAsync(async () =>
    {
        Messages.Show(await Acts.EndExemptionAsync(Actor!, row.Id, Life), $"The exemption of {row.Title} has ended.");
        simulation = null;
        await ReloadAsync();
    });

    /// <summary>One act at a time: the second click of a double click does nothing.</summary>
    private async Task GuardAsync(Func<Task> act)
    {
        if (busy)
        {
            return;
        }

        busy = true;
        try
        {
            await Messages.TryAsync(act);
        }
        finally
        {
            busy = false;
        }
    }
}
