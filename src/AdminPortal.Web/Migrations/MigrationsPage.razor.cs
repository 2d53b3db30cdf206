using AdminPortal.Core.Activity;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Targets;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Migrations;

/// <summary>The migrations of one target.</summary>
public sealed partial class MigrationsPage
{
    [Parameter] public required string Target { get; set; }

    [Inject] public required TargetAccess Access { get; set; }

    [Inject] public required MigrationPreviews Previews { get; set; }

    [Inject] internal MigrationDialogs Dialogs { get; set; } = null!;

    protected override string ViewKey => Target;

    /// <summary>A preview asks two databases: it is read again when something happened, and every few seconds.</summary>
    protected override bool IsMoving => false;

    protected override async Task<MigrationsView?> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Access.Find(Target) is not { } name)
        {
            return null;
        }

        var (preview, status) = await Previews.ReadAsync(name, cancellationToken);
        return new MigrationsView(name, status, preview);
    }

    private async Task ApproveAsync()
    {
        if (Actor is { } actor && State.Value?.Preview is { } preview)
        {
            await Dialogs.ApproveAsync(actor, preview, Life);
            await ReloadAsync();
        }
    }

    private Task DeployAsync() => Actor is { } actor && State.Value is { Preview: { } preview }
        ? Dialogs.DeployAsync(actor, preview, Life)
        : Task.CompletedTask;

    private Task AdoptAsync() => Actor is { } actor && State.Value is { } view ? Dialogs.AdoptAsync(actor, view.Target, Life) : Task.CompletedTask;

    private Task RollBackAsync(MigrationRow? row) => Actor is { } actor && State.Value is { Status: MigrationStatus.Known known }
        ? Dialogs.RollBackAsync(actor, known, row, Life)
        : Task.CompletedTask;
}
