using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Backups;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Backups;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AdminPortal.Web.Backups;

/// <summary>One backup: its facts, and what an admin does with it. Long work leads to its run.</summary>
public sealed partial class BackupPage
{
    private RestoreImpact? impact;
    private bool busy;

    [Parameter] public required string Id { get; set; }

    [Inject] public required BackupList Backups { get; set; }

    [Inject] public required BackupActs Acts { get; set; }

    [Inject] public required RestoreImpacts Impacts { get; set; }

    [Inject] public required FreshSignIn FreshSignIn { get; set; }

    [Inject] public required TargetAccess Targets { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [Inject] public required DialogService Dialogs { get; set; }

    [Inject] internal Messages Messages { get; set; } = null!;

    protected override string ViewKey => Id;

    protected override bool IsMoving => State.Value?.State == BackupState.Taking;

    private bool IsProtected => State.Value is { } backup && Targets.Exists(backup.Target) && Targets.Settings(backup.Target).Protected;

    protected override Task<BackupRow?> LoadAsync(Actor actor, CancellationToken cancellationToken) => Backups.FindAsync(actor, Id, cancellationToken);

    private Task AskAsync() => OnceAsync(async () => impact = await Impacts.AskAsync(Actor!, Id, Life));

    private Task RestoreAsync(RestoreWish wish) => StartAsync(async () => wish.Password is null
        ? await Acts.RestoreAsync(Actor!, Id, wish.Order, wish.Confirmed, wish.Reason, Life)
        : await FreshSignIn.ConfirmAsync(Actor!, wish.Password, Life) switch
        {
            FreshSignInOutcome.Confirmed confirmed => await Acts.RestoreAsync(confirmed.Actor, Id, wish.Order, wish.Confirmed, wish.Reason, Life),
            FreshSignInOutcome.Refused refused => new BackupOutcome.Refused(refused.Message),
            _ => throw new InvalidOperationException("A password is right or refused."),
        });

    private Task StartAsync(Func<Task<BackupOutcome>> act) => OnceAsync(async () =>
    {
        var outcome = await act();
        Messages.Show(outcome, "");
        if (outcome is BackupOutcome.Started started)
        {
            Navigation.NavigateTo($"/runs/{started.RunId}");
        }
    });

    private Task KeepAsync(BackupRow backup) => OnceAsync(async () =>
    {
        Messages.Show(await Acts.KeepAsync(Actor!, backup.Id, !backup.IsKept, Life), backup.IsKept ? "Retention may remove it again." : "Retention leaves it alone from now on.");
        await ReloadAsync();
    });

    private async Task RemoveAsync(BackupRow backup)
    {
        await Dialogs.OpenAsync<RemoveBackupDialog>("Remove this backup?", new()
        {
            [nameof(RemoveBackupDialog.Backup)] = backup,
            [nameof(RemoveBackupDialog.OnCancel)] = EventCallback.Factory.Create(this, () => Dialogs.Close()),
            [nameof(RemoveBackupDialog.OnConfirm)] = EventCallback.Factory.Create(this, () => OnceAsync(async () =>
            {
                Messages.Show(await Acts.RemoveAsync(Actor!, backup.Id, reason: null, Life), "Its file is removed.");
                Dialogs.Close();
            })),
        }, new DialogOptions { Width = "30rem", CloseDialogOnEsc = true, AutoFocusFirstElement = true });
        await ReloadAsync();
    }

    /// <summary>A double click does it once.</summary>
    private async Task OnceAsync(Func<Task> act)
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
