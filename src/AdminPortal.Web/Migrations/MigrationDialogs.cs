using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AdminPortal.Web.Migrations;

/// <summary>Asks before a target is changed, starts it, and leads to the run.</summary>
internal sealed class MigrationDialogs(
    Dialogs dialogs, Messages messages, NavigationManager navigation, MigrationRuns migrations, MigrationApprovals approvals, MigrationLosses losses, KnownTargets known,
    MigrationResolution resolution, TargetAccess access, FreshSignIn freshSignIn)
{
    /// <summary>At once, or after asking whether it is really its person.</summary>
    public async Task ApproveAsync(Actor actor, MigrationPreview preview, CancellationToken cancellationToken)
    {
        if (!IsProtected(preview.Target) || await freshSignIn.ProofAsync(actor, cancellationToken) is FreshProof.Nothing)
        {
            await messages.TryAsync(async () => Show(await approvals.ApproveAsync(actor, preview.Target, preview.ApprovalHash, null, cancellationToken)));
            return;
        }

        await AskAsync(
            actor, preview.Target, $"Approve for {preview.Target}?",
            new()
            {
                { dialog => dialog.Explanation, $"{(preview.Pending.Count == 1 ? preview.Pending[0].Script.Name : $"{preview.Pending.Count} migrations")} may then be applied to “{preview.Target}”, exactly as shown." },
                { dialog => dialog.Button, "Approve" },
            },
            consent => approvals.ApproveAsync(actor, preview.Target, preview.ApprovalHash, consent.Reason, cancellationToken));
    }

    /// <summary>Leads to the run.</summary>
    public Task DeployAsync(Actor actor, MigrationPreview preview, CancellationToken cancellationToken) => DeployAsync(actor, preview, isBackedUp: false, stays: false, cancellationToken);

    /// <summary>Stays on the page, which shows the run.</summary>
    /// <param name="isBackedUp">True: a backup of the last 24 hours is proven, so that none has to be taken again.</param>
    public Task DeployHereAsync(Actor actor, MigrationPreview preview, bool isBackedUp, CancellationToken cancellationToken) => DeployAsync(actor, preview, isBackedUp, stays: true, cancellationToken);

    private Task DeployAsync(Actor actor, MigrationPreview preview, bool isBackedUp, bool stays, CancellationToken cancellationToken) => AskAsync(
        actor, preview.Target, $"Apply to {preview.Target}?",
        new()
        {
            { dialog => dialog.Explanation, $"{(preview.Pending.Count == 1 ? preview.Pending[0].Script.Name : $"{preview.Pending.Count} migrations")} will be applied to “{preview.Target}”, one after the other. It runs in the background, can be stopped between two of them, and the database is verified afterwards." },
            { dialog => dialog.Button, "Apply" },
            { dialog => dialog.AsksForBackup, true },
            { dialog => dialog.HasBackup, isBackedUp },
            { dialog => dialog.TypedName, IsProtected(preview.Target) ? preview.Target : null },
        },
        consent => migrations.DeployAsync(actor, preview.Target, preview.ApprovalHash, consent.WithBackup, consent.Reason, cancellationToken), stays);

    public Task AdoptAsync(Actor actor, string target, CancellationToken cancellationToken) => AskAsync(
        actor, target, $"Adopt {target}?",
        new()
        {
            { dialog => dialog.Explanation, $"What the catalogue of “{target}” proves to be there is recorded as applied. No table is changed; session tokens that are stored raw are replaced by their hashes, after a backup." },
            { dialog => dialog.Button, "Adopt" },
            { dialog => dialog.AsksForBackup, true },
        },
        consent => migrations.AdoptAsync(actor, target, consent.WithBackup, consent.Reason, cancellationToken));

    /// <param name="to">The newest that stays; null: everything is taken back.</param>
    public async Task RollBackAsync(Actor actor, MigrationStatus.Known status, MigrationRow? to, CancellationToken cancellationToken)
    {
        RollBackPreview? preview = null;
        if (!await messages.TryReadAsync(async () => preview = await losses.ReadAsync(status, to?.Id ?? "", cancellationToken)) || preview is null)
        {
            return;
        }

        if (preview.Obstacles.Count > 0)
        {
            messages.Warn(string.Join(" ", preview.Obstacles));
            return;
        }

        await AskAsync(
            actor, status.Target, $"Roll {status.Target} back?",
            new()
            {
                { dialog => dialog.Explanation, $"{(to is null ? "Everything that the portal made" : $"Everything newer than {to.Name}")} is taken back from “{status.Target}”, newest first. {LeftWords(preview)}".TrimEnd() },
                { dialog => dialog.TakenBack, preview.Undone },
                { dialog => dialog.Losses, preview.Losses },
                { dialog => dialog.Button, "Roll back" },
                { dialog => dialog.AsksForBackup, true },
                { dialog => dialog.NeedsReason, true },
                { dialog => dialog.TypedName, IsProtected(status.Target) || status.Target == access.PrimaryName || preview.Losses.Count > 0 ? status.Target : null },
            },
            consent => migrations.RollBackAsync(actor, status.Target, to?.Id ?? "", consent.WithBackup, acceptsLosses: true, consent.Reason, cancellationToken), always: true);
    }

    public Task ResolveAsync(Actor actor, string target, ResolutionView migration, CancellationToken cancellationToken) => AskAsync(
        actor, target, migration.Proof.Trace == MigrationTrace.After ? "Mark as applied?" : "Mark as not applied?",
        new()
        {
            { dialog => dialog.Explanation, $"The history of “{target}” will say what its catalogue proves about {migration.Name}. No table is changed. It does not count as a rehearsal for another target." },
            { dialog => dialog.Button, "Mark" },
            { dialog => dialog.NeedsReason, true },
        },
        consent => resolution.ResolveAsync(actor, target, migration.Proof.MigrationId, consent.Reason, cancellationToken));

    public Task CleanUpAsync(Actor actor, string target, ResolutionView migration, CancellationToken cancellationToken) => AskAsync(
        actor, target, $"Take the parts of {migration.Name} away?",
        new()
        {
            { dialog => dialog.Explanation, $"{migration.CleanUp.Count} statements run on “{target}”, as shown. What they leave is compared again before the history is changed." },
            { dialog => dialog.Button, "Run the clean-up" },
            { dialog => dialog.NeedsReason, true },
            { dialog => dialog.TypedName, target },
        },
        consent => resolution.CleanUpAsync(actor, target, migration.Proof.MigrationId, consent.Reason, cancellationToken));

    public Task AcceptAsync(Actor actor, string target, TargetIdentity identity, CancellationToken cancellationToken) => AskAsync(
        actor, target, $"Is this {target}?",
        new()
        {
            { dialog => dialog.Explanation, $"From now on “{identity.Database}” on the server {identity.SystemIdentifier} counts as “{target}”. Its history of runs starts anew." },
            { dialog => dialog.Button, "Yes, this is the right database" },
            { dialog => dialog.NeedsReason, true },
            { dialog => dialog.TypedName, target },
        },
        async consent => await known.AcceptAsync(actor, target, identity, consent.Reason!, cancellationToken)
            ? new MigrationOutcome.Nothing($"“{identity.Database}” is “{target}” from now on.")
            : new MigrationOutcome.NotAllowed(), always: true);

    private static string LeftWords(RollBackPreview preview) => preview.Left.Count == 0
        ? "" : $"The portal did not make {string.Join(", ", preview.Left.Take(3))}{(preview.Left.Count > 3 ? " and others" : "")}: what is there only leaves the history.";

    private bool IsProtected(string target) => access.Settings(target).Protected;

    /// <summary>A refusal leaves the dialog open: what was typed is not lost.</summary>
    /// <param name="always">True: it is asked whether it is really its person for every target, not only for protected ones.</param>
    private async Task AskAsync(Actor actor, string target, string title, DialogParameters<ConfirmOperationDialog> parameters, Func<OperationConsent, Task<MigrationOutcome>> act, bool stays = false, bool always = false)
    {
        var asks = always || IsProtected(target);
        parameters.Add(dialog => dialog.ReadProof, asks ? () => freshSignIn.ProofAsync(actor, CancellationToken.None) : null);
        parameters.Add(dialog => dialog.Act, async consent =>
        {
            MigrationOutcome? outcome = null;
            await messages.TryAsync(async () =>
            {
                outcome = asks && await freshSignIn.ConfirmAsync(actor, consent.Proof, CancellationToken.None) is FreshSignInOutcome.Refused refused
                    ? new MigrationOutcome.Refused([refused.Message])
                    : await act(consent);
                Show(outcome, stays);
            });
            return outcome is not (null or MigrationOutcome.Refused);
        });
        await dialogs.AskAsync(title, parameters);
    }

    private void Show(MigrationOutcome outcome, bool stays = false)
    {
        switch (outcome)
        {
            case MigrationOutcome.Started when stays:
                messages.Done("Started. The steps show how far it is.");
                break;
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
                messages.Warn("The database cannot be reached at the moment. Nothing was changed.");
                break;
        }
    }
}
