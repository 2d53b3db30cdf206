using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AdminPortal.Web.Migrations;

/// <summary>Asks before a target is changed, starts it, and leads to the run.</summary>
internal sealed class MigrationDialogs(
    DialogService dialogs, Messages messages, NavigationManager navigation, MigrationRuns migrations, MigrationApprovals approvals, MigrationLosses losses, KnownTargets known,
    MigrationResolution resolution, TargetAccess access, FreshSignIn freshSignIn)
{
    public Task ApproveAsync(Actor actor, MigrationPreview preview, CancellationToken cancellationToken) =>
        messages.TryAsync(async () => Show(await approvals.ApproveAsync(actor, preview.Target, preview.ApprovalHash, null, cancellationToken)));

    public Task DeployAsync(Actor actor, MigrationPreview preview, CancellationToken cancellationToken) => AskAsync(
        actor, preview.Target, $"Apply to {preview.Target}?",
        new()
        {
            [nameof(ConfirmOperationDialog.Explanation)] = $"{(preview.Pending.Count == 1 ? preview.Pending[0].Script.Name : $"{preview.Pending.Count} migrations")} will be applied to “{preview.Target}”, one after the other. It runs in the background, can be stopped between two of them, and the database is verified afterwards.",
            [nameof(ConfirmOperationDialog.Button)] = "Apply",
            [nameof(ConfirmOperationDialog.AsksForBackup)] = true,
            [nameof(ConfirmOperationDialog.TypedName)] = IsProtected(preview.Target) ? preview.Target : null,
        },
        (confirmed, consent) => migrations.DeployAsync(confirmed, preview.Target, preview.ApprovalHash, consent.WithBackup, consent.Reason, cancellationToken));

    public Task AdoptAsync(Actor actor, string target, CancellationToken cancellationToken) => AskAsync(
        actor, target, $"Adopt {target}?",
        new()
        {
            [nameof(ConfirmOperationDialog.Explanation)] = $"What the catalogue of “{target}” proves to be there is recorded as applied. No table is changed; session tokens that are stored raw are replaced by their hashes.",
            [nameof(ConfirmOperationDialog.Button)] = "Adopt",
        },
        (confirmed, consent) => migrations.AdoptAsync(confirmed, target, consent.Reason, cancellationToken));

    public async Task RollBackAsync(Actor actor, MigrationStatus.Known status, MigrationRow to, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> lost = [];
        if (!await messages.TryAsync(async () => lost = await losses.ReadAsync(status, to.Id, cancellationToken)))
        {
            return;
        }

        await AskAsync(
            actor, status.Target, $"Roll {status.Target} back?",
            new()
            {
                [nameof(ConfirmOperationDialog.Explanation)] = $"Everything newer than {to.Name} is taken back from “{status.Target}”, newest first.",
                [nameof(ConfirmOperationDialog.Losses)] = lost,
                [nameof(ConfirmOperationDialog.Button)] = "Roll back",
                [nameof(ConfirmOperationDialog.AsksForBackup)] = true,
                [nameof(ConfirmOperationDialog.NeedsReason)] = true,
                [nameof(ConfirmOperationDialog.TypedName)] = IsProtected(status.Target) || lost.Count > 0 ? status.Target : null,
            },
            (confirmed, consent) => migrations.RollBackAsync(confirmed, status.Target, to.Id, consent.WithBackup, consent.Reason, cancellationToken));
    }

    public Task ResolveAsync(Actor actor, string target, ResolutionView migration, CancellationToken cancellationToken) => AskAsync(
        actor, target, migration.Proof.Trace == MigrationTrace.After ? "Mark as applied?" : "Mark as not applied?",
        new()
        {
            [nameof(ConfirmOperationDialog.Explanation)] = $"The history of “{target}” will say what its catalogue proves about {migration.Name}. No table is changed. It does not count as a rehearsal for another target.",
            [nameof(ConfirmOperationDialog.Button)] = "Mark",
            [nameof(ConfirmOperationDialog.NeedsReason)] = true,
        },
        (confirmed, consent) => resolution.ResolveAsync(confirmed, target, migration.Proof.MigrationId, consent.Reason, cancellationToken));

    public Task CleanUpAsync(Actor actor, string target, ResolutionView migration, CancellationToken cancellationToken) => AskAsync(
        actor, target, $"Take the parts of {migration.Name} away?",
        new()
        {
            [nameof(ConfirmOperationDialog.Explanation)] = $"{migration.CleanUp.Count} statements run on “{target}”, as shown. What they leave is compared again before the history is changed.",
            [nameof(ConfirmOperationDialog.Button)] = "Run the clean-up",
            [nameof(ConfirmOperationDialog.NeedsReason)] = true,
            [nameof(ConfirmOperationDialog.TypedName)] = target,
        },
        (confirmed, consent) => resolution.CleanUpAsync(confirmed, target, migration.Proof.MigrationId, consent.Reason, cancellationToken));

    public Task AcceptAsync(Actor actor, string target, TargetIdentity identity, CancellationToken cancellationToken) => AskAsync(
        actor, target, $"Is this {target}?",
        new()
        {
            [nameof(ConfirmOperationDialog.Explanation)] = $"From now on “{identity.Database}” on the server {identity.SystemIdentifier} counts as “{target}”. Its history of runs starts anew.",
            [nameof(ConfirmOperationDialog.Button)] = "Yes, it is meant",
            [nameof(ConfirmOperationDialog.NeedsReason)] = true,
            [nameof(ConfirmOperationDialog.TypedName)] = target,
        },
        async (confirmed, consent) => await known.AcceptAsync(confirmed, target, identity, consent.Reason!, cancellationToken)
            ? new MigrationOutcome.Nothing($"“{identity.Database}” is “{target}” from now on.")
            : new MigrationOutcome.NotAllowed());

    private bool IsProtected(string target) => access.Settings(target).Protected;

    /// <summary>A refusal leaves the dialog open: what was typed is not lost.</summary>
    private async Task AskAsync(Actor actor, string target, string title, Dictionary<string, object?> parameters, Func<Actor, OperationConsent, Task<MigrationOutcome>> act)
    {
        parameters[nameof(ConfirmOperationDialog.AsksForPassword)] = IsProtected(target);
        parameters[nameof(ConfirmOperationDialog.OnCancel)] = EventCallback.Factory.Create(this, () => dialogs.Close());
        parameters[nameof(ConfirmOperationDialog.OnConfirm)] = EventCallback.Factory.Create<OperationConsent>(this, async consent =>
        {
            await messages.TryAsync(async () =>
            {
                var outcome = await ConfirmedAsync(actor, target, consent) switch
                {
                    FreshSignInOutcome.Confirmed confirmed => await act(confirmed.Actor, consent),
                    FreshSignInOutcome.Refused refused => new MigrationOutcome.Refused([refused.Message]),
                    _ => throw new InvalidOperationException("A password is right or refused."),
                };
                Show(outcome);
                if (outcome is not MigrationOutcome.Refused)
                {
                    dialogs.Close();
                }
            });
        });
        await dialogs.OpenAsync<ConfirmOperationDialog>(title, parameters, new DialogOptions { Width = "34rem", CloseDialogOnEsc = true, AutoFocusFirstElement = true });
    }

    private async Task<FreshSignInOutcome> ConfirmedAsync(Actor actor, string target, OperationConsent consent) => IsProtected(target)
        ? await freshSignIn.ConfirmAsync(actor, consent.Password, CancellationToken.None)
        : new FreshSignInOutcome.Confirmed(actor);

    private void Show(MigrationOutcome outcome)
    {
        switch (outcome)
        {
            case MigrationOutcome.Started started:
                navigation.NavigateTo($"/runs/{started.RunId}");
                break;
            case MigrationOutcome.AlreadyRunning running:
                messages.Warn("Another operation works on this target. Here it is.");
                navigation.NavigateTo($"/runs/{running.RunId}");
                break;
            case MigrationOutcome.Nothing nothing:
                messages.Done(nothing.Message);
                break;
            case MigrationOutcome.Refused refused:
                messages.Warn(string.Join(" ", refused.Reasons));
                break;
            case MigrationOutcome.Changed:
                messages.Warn("Something changed since this was shown. Nothing was done: look at the preview again.");
                break;
            case MigrationOutcome.NotAllowed:
                messages.Warn("Your role does not allow this. Nothing was changed.");
                break;
            default:
                messages.Warn("The target cannot be asked at the moment. Nothing was changed.");
                break;
        }
    }
}
