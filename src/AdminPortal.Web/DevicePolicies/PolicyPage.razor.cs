using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Policies;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AdminPortal.Web.DevicePolicies;

/// <summary>A policy as it is saved, with its exemptions, what owners were told, and how many revocations can be taken back.</summary>
public sealed record PolicyView(PolicyRow Policy, IReadOnlyList<ExemptionRow> Exemptions, IReadOnlyList<ToldRow> Told, int Revoked);

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
    private string? typed;

    [Parameter] public required string Name { get; set; }

    [Inject] public required PolicyList List { get; set; }

    [Inject] public required PolicyActs Acts { get; set; }

    [Inject] public required PolicyTakeBack Revocations { get; set; }

    [Inject] public required PolicySimulator Simulator { get; set; }

    [Inject] internal Dialogs Dialogs { get; set; } = null!;

    [Inject] internal Messages Messages { get; set; } = null!;

    [Inject] internal OneAct Once { get; set; } = null!;

    protected override string ViewKey => Name;

    private bool IsAdmin => Actor?.IsAdmin == true;

    private bool IsSimulated => simulation is not null && simulated == draft;

    private bool IsChanged => State.Value is { } view && PolicyChanges.Count(view.Policy.Settings, draft!) > 0;

    private string? HintFor(PolicyRow policy) =>
        !IsSimulated ? "See what it would do first"
        : !IsConfirmed ? "Type the number of devices first"
        : policy.Enabled ? null : "Kept when the policy is switched on";

    /// <summary>Many devices would be acted on: the number is typed, as for any act on many.</summary>
    private bool MustConfirm => IsAdmin && IsSimulated && draft!.ActsOnDevices() && simulation!.Devices > PolicyActs.ConfirmedFrom
        && (IsChanged || State.Value is { Policy.Enabled: false });

    private bool IsConfirmed => !MustConfirm || TypedNumber.Parse(typed) == simulation!.Devices;

    /// <summary>A yes is said to settings that are saved, and to what was just counted.</summary>
    private bool MayAllow => IsAdmin && !Once.IsBusy && !IsChanged && State.Value is { Policy: { Enabled: true } policy } && !(policy.AllowedDevices >= simulation?.Due);

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

        var revoked = Name == PolicyNames.Unseen ? await Revocations.CountAsync(actor, cancellationToken) : 0;
        return new PolicyView(policy, exemptions, await List.ToldAsync(actor, Name, cancellationToken), revoked);
    }

    protected override bool Concerns(DeviceChange change) => change == DeviceChange.Everything;

    private void Change(PolicySettings settings) => draft = settings;

    private Task SimulateAsync(string? cursor) => Once.RunAsync(async () =>
    {
        var asked = draft!;
        simulation = await Simulator.SimulateAsync(Actor!, asked, cursor, Rows, Life);
        simulated = asked;
    });

    private Task SaveAsync(bool enabled) => Once.RunAsync(async () =>
    {
        var policy = State.Value!.Policy;
        var outcome = await Acts.SaveAsync(Actor!, enabled ? draft! : policy.Settings, enabled, seenVersion, TypedNumber.Parse(typed), Life);
        (seenVersion, changedBy) = outcome switch
        {
            PolicyOutcome.Done done => (done.Version, null),
            PolicyOutcome.ChangedMeanwhile { Current: var current } => (current.Version, current.UpdatedBy),
            _ => (seenVersion, changedBy),
        };
        typed = null;
        simulation = outcome is PolicyOutcome.NotConfirmed ? null : simulation; // it is another number by now
        Messages.Show(outcome, $"“{PolicyTitles.Of(Name)}” is {(enabled ? policy.Enabled ? "saved" : "switched on" : "switched off")}.");
        await ReloadAsync();
    });

    private Task AllowAsync(int devices) => Once.RunAsync(async () =>
    {
        Messages.Show(await Acts.AllowAsync(Actor!, Name, seenVersion, devices, Life), "Allowed. The next run acts on them.");
        await ReloadAsync();
    });

    private Task TakeBackAsync() => Once.RunAsync(async () =>
    {
        var restored = await Revocations.TakeBackAsync(Actor!, Life);
        Messages.Done(restored == 1 ? "1 device works again." : $"{restored:N0} devices work again.");
        await ReloadAsync();
    });

    private async Task ExemptAsync((string Subject, PolicyMatch Match) whom)
    {
        var (subject, match) = whom;
        var ofPerson = subject == PolicySubject.User;
        var exempted = await Dialogs.AskAsync(ofPerson ? $"Exempt {match.Person}?" : $"Exempt “{match.Title}”?", new DialogParameters<ExemptDialog>
        {
            { dialog => dialog.What, $"The policy “{PolicyTitles.Of(Name)}” leaves {(ofPerson ? $"all devices of {match.Person}, those of later too," : $"“{match.Title}” of {match.Person}")} alone." },
            { dialog => dialog.Now, Time.GetUtcNow },
            {
                dialog => dialog.Act, (reason, until) => Messages.TryAsync(async () => Messages.Show(
                    await Acts.ExemptAsync(Actor!, Name, subject, ofPerson ? match.UserId : match.Id, reason, until, Life),
                    $"{(ofPerson ? match.Person : $"“{match.Title}”")} is exempt."))
            },
        });
        if (exempted)
        {
            await SimulateAsync(null);
            await ReloadAsync();
        }
    }

    private Task EndExemptionAsync(ExemptionRow row) => Once.RunAsync(async () =>
    {
        Messages.Show(await Acts.EndExemptionAsync(Actor!, row.Id, Life), $"The exemption of {row.Title} has ended.");
        simulation = null;
        await ReloadAsync();
    });
}
