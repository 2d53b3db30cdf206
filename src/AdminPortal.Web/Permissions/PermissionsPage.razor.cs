using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Lists;
using AdminPortal.Core.Permissions;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Permissions;

/// <summary>One of the two queues of <see cref="PermissionsPage"/>.</summary>
public sealed record PermissionView(ListPage<RequestRow>? Requests, ListPage<EndingGrant>? Ending);

/// <summary>What devices ask for and what ends soon: of one's own devices, or everyone's for admins and support. The address holds tab and place.</summary>
public sealed partial class PermissionsPage
{
    private const int Rows = 50;

    [SupplyParameterFromQuery] public string? Tab { get; set; }

    [SupplyParameterFromQuery] public string? Cursor { get; set; }

    [Inject] public required PermissionQueue Queue { get; set; }

    [Inject] public required PermissionExtensions Extensions { get; set; }

    [Inject] internal PermissionDialogs Dialogs { get; set; } = null!;

    [Inject] internal Messages Messages { get; set; } = null!;

    protected override string ViewKey => $"{Tab} {Cursor}";

    private bool IsEnding => Tab == "ending";

    private string[] Unreadable => Tab is null or "ending" ? [] : [$"tab={Tab}"];

    protected override async Task<PermissionView?> LoadAsync(Actor actor, CancellationToken cancellationToken) =>
        Unreadable.Length > 0 ? null
        : IsEnding ? new PermissionView(null, await Queue.EndingAsync(actor, Cursor, Rows, cancellationToken))
        : new PermissionView(await Queue.RequestsAsync(actor, null, Cursor, Rows, cancellationToken), null);

    protected override bool Concerns(DeviceChange change) => Actor?.SeesEveryone == true || change.Concerns(Actor?.UserId);

    private bool MayDecide(RequestRow row) => Actor is not null && (Actor.IsAdmin || Actor.Owns(row.UserId));

    private bool MayExtend(EndingGrant row) => Actor is not null && (Actor.IsAdmin || (Actor.Owns(row.UserId) && !row.NeedsAdmin));

    private Task GrantAsync(RequestRow row) => Dialogs.GrantAsync(Actor!, row, Life);

    private Task RefuseAsync(RequestRow row) => Dialogs.RefuseAsync(Actor!, row, Life);

    private async Task ExtendAsync(EndingGrant row) => await Messages.TryAsync(async () =>
    {
        Messages.Show(await Extensions.ExtendAsync(Actor!, row.Id, row.EndsAt, Life));
        await ReloadAsync();
    });

    private string? Turn(string? cursor) => cursor is null ? null : Address(cursor);

    private string Address(string? cursor) => QueryText.Address("/permissions", ("tab", IsEnding ? "ending" : null), ("cursor", cursor));
}
