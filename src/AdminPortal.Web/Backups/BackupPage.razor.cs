using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Backups;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Backups;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AdminPortal.Web.Backups;

/// <summary>One backup: its facts, and what an admin does with it. Long work leads to its run.</summary>
public sealed partial class BackupPage
{
    private RestoreImpact? impact;
    private FreshProof proof;

    [Parameter] public required string Id { get; set; }

    [Inject] public required BackupList Backups { get; set; }

    [Inject] public required BackupActs Acts { get; set; }

    [Inject] public required RestoreImpacts Impacts { get; set; }

    [Inject] public required FreshSignIn FreshSignIn { get; set; }

    [Inject] public required TargetAccess Targets { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [Inject] internal Dialogs Dialogs { get; set; } = null!;

    [Inject] internal Messages Messages { get; set; } = null!;

    [Inject] internal OneAct Once { get; set; } = null!;

    protected override string ViewKey => Id;

    protected override bool IsMoving => State.Value?.State == BackupState.Taking;

    private bool IsProtected => State.Value is { } backup && Targets.Exists(backup.Target) && Targets.Settings(backup.Target).Protected;

    protected override async Task<BackupRow?> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        proof = actor.IsAdmin ? await FreshSignIn.ProofAsync(actor, cancellationToken) : FreshProof.Nothing;
        return await Backups.FindAsync(actor, Id, cancellationToken);
    }

    private Task AskAsync() => Once.RunAsync(async () => impact = await Impacts.AskAsync(Actor!, Id, Life));

    private Task RestoreAsync(RestoreWish wish) => StartAsync(async () =>
    {
        if (await FreshSignIn.ConfirmAsync(Actor!, wish.Proof, Life) is FreshSignInOutcome.Refused refused)
        {
            proof = await FreshSignIn.ProofAsync(Actor!, Life);
            return new BackupOutcome.Refused(refused.Message);
        }

        return await Acts.RestoreAsync(Actor!, Id, wish.Order, wish.Confirmed, wish.Reason, Life);
    });

    private Task StartAsync(Func<Task<BackupOutcome>> act) => Once.RunAsync(async () =>
    {
        var outcome = await act();
        Messages.Show(outcome, "");
        if (outcome is BackupOutcome.Started started)
        {
            Navigation.NavigateTo($"/runs/{started.RunId}");
        }
    });

    private Task KeepAsync(BackupRow backup) => Once.RunAsync(async () =>
    {
        Messages.Show(await Acts.KeepAsync(Actor!, backup.Id, !backup.IsKept, Life), backup.IsKept ? "Retention may remove it again." : "Retention leaves it alone from now on.");
        await ReloadAsync();
    });

    private async Task RemoveAsync(BackupRow backup)
    {
        await Dialogs.AskAsync("Remove this backup?", new DialogParameters<RemoveBackupDialog>
        {
            { dialog => dialog.Backup, backup },
            { dialog => dialog.Act, () => Messages.TryAsync(async () => Messages.Show(await Acts.RemoveAsync(Actor!, backup.Id, reason: null, Life), "Its file is removed.")) },
        });
        await ReloadAsync();
    }
}
