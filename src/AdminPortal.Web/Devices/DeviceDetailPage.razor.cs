using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Permissions;
using AdminPortal.Web.Alerts;
using AdminPortal.Web.Layout;
using AdminPortal.Web.Permissions;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Devices;

/// <summary>One pairing: for its owner and admins to change, for support to read. <c>Id</c> is the pairing's or the device's own.</summary>
public sealed partial class DeviceDetailPage
{
    [Parameter] public required string Id { get; set; }

    [Inject] public required DeviceDetails Devices { get; set; }

    [Inject] public required PermissionActs Permissions { get; set; }

    [Inject] internal DeviceDialogs Dialogs { get; set; } = null!;

    [Inject] internal AlertDialogs AlertDialogs { get; set; } = null!;

    [Inject] internal Messages Notices { get; set; } = null!;

    protected override string ViewKey => Id;

    private bool MayAct => Actor is not null && State.Value is { } detail && (Actor.IsAdmin || Actor.Owns(detail.Device.UserId));

    /// <summary>An owner releases only what they themselves quarantined.</summary>
    private bool MayRelease(QuarantineFacts quarantine) => Actor is { IsAdmin: true } || (Actor is not null && quarantine.ActorId == Actor.Id);

    protected override Task<DeviceDetail?> LoadAsync(Actor actor, CancellationToken cancellationToken) => Devices.FindAsync(actor, Id, cancellationToken);

    protected override bool Concerns(DeviceChange change) => change.Concerns(State.Value?.Device.UserId);

    /// <summary>True: it is saved. Else the draft stays.</summary>
    private async Task<bool> SaveAsync(PermissionChange change)
    {
        var (pairingId, saved) = (State.Value!.Device.Id, false);
        await Notices.TryAsync(async () =>
        {
            var outcome = await Permissions.ReplaceAsync(Actor!, pairingId, change.Grants, change.Reason, Life);
            saved = outcome is PermissionOutcome.Done;
            Notices.Show(outcome);
            await ReloadAsync();
        });
        return saved;
    }

    /// <summary>Only for the owner.</summary>
    private EventCallback NotMe(DeviceRow device) => Actor?.Owns(device.UserId) == true
        ? EventCallback.Factory.Create(this, () => AlertDialogs.DisownAsync(Actor, device.Id, device.Title, Life))
        : default;

    private RenderFragment Owner(DeviceRow device) => builder =>
    {
        if (Actor?.SeesEveryone == true)
        {
            builder.OpenElement(0, "a");
            builder.AddAttribute(1, "href", $"/users/{device.UserId}");
            builder.AddContent(2, device.Person);
            builder.CloseElement();
        }
        else
        {
            builder.AddContent(3, device.Person);
        }
    };
}
