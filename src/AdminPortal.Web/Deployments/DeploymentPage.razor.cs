using AdminPortal.Core.Activity;
using AdminPortal.Core.Deployments;
using AdminPortal.Web.Layout;
using AdminPortal.Web.Migrations;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AdminPortal.Web.Deployments;

/// <summary>The checklist of one release on one target; live while its run works.</summary>
public sealed partial class DeploymentPage
{
    [Parameter] public required string Target { get; set; }

    /// <summary>The id of the release's newest migration; absent: the one that matters now.</summary>
    [SupplyParameterFromQuery] public string? Release { get; set; }

    [Inject] public required DeploymentChecklists Checklists { get; set; }

    [Inject] internal Dialogs Dialogs { get; set; } = null!;

    [Inject] public required NavigationManager Navigation { get; set; }

    [Inject] internal Messages Messages { get; set; } = null!;

    protected override string ViewKey => $"{Target} {Release}";

    protected override bool IsMoving => State.Value is { Run.IsFinished: false };

    protected override Task<DeploymentChecklist?> LoadAsync(Actor actor, CancellationToken cancellationToken) =>
        Checklists.ReadAsync(actor, Target, string.IsNullOrEmpty(Release) ? null : Release, cancellationToken);

    private void Choose(string? release) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("release", release));

    private async Task TickAsync(ChecklistLine line)
    {
        if (Actor is not { } actor || State.Value is not { } checklist)
        {
            return;
        }

        await Dialogs.AskAsync("Tick this line by hand?", new DialogParameters<ConfirmOperationDialog>
        {
            { dialog => dialog.Explanation, $"“{line.Title}” has no evidence here. Your reason is shown with the line, with your name and the time, and stands in the record." },
            { dialog => dialog.Button, "Tick it" },
            { dialog => dialog.NeedsReason, true },
            {
                dialog => dialog.Act, consent => Messages.TryAsync(async () =>
                    Show(await Checklists.TickAsync(actor, checklist.Target, checklist.Release, line.Id, consent.Reason, Life), "Ticked by hand."))
            },
        });
        await ReloadAsync();
    }

    private async Task TakeBackAsync(ChecklistLine line)
    {
        if (Actor is { } actor && State.Value is { } checklist)
        {
            await Messages.TryAsync(async () => Show(await Checklists.TakeBackAsync(actor, checklist.Target, checklist.Release, line.Id, Life), "The tick is taken back."));
            await ReloadAsync();
        }
    }

    private void Show(ChecklistOutcome outcome, string done)
    {
        switch (outcome)
        {
            case ChecklistOutcome.Done:
                Messages.Done(done);
                break;
            case ChecklistOutcome.Refused refused:
                Messages.Warn(refused.Message);
                break;
            case ChecklistOutcome.NotAllowed:
                Messages.Warn("Your role does not allow this. Nothing was changed.");
                break;
            default:
                Messages.Warn("This is gone already. Nothing was changed.");
                break;
        }
    }
}
