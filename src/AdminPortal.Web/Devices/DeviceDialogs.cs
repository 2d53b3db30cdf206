using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AdminPortal.Web.Devices;

/// <summary>
/// Asks before an act on a device, does it, and tells what came of it. The same on every page that shows devices. A dialog stays
/// open when the database was away, so that nothing typed is lost.
/// </summary>
internal sealed class DeviceDialogs(Dialogs dialogs, Messages messages, DeviceActs acts)
{
    /// <summary>Revokes one device after a confirmation that names it and its person.</summary>
    public Task RevokeAsync(Actor actor, DeviceRow device, CancellationToken cancellationToken)
    {
        RenderFragment what = builder =>
        {
            builder.OpenElement(0, "p");
            builder.AddContent(1, $"“{device.Title}” of {device.Person} loses its access.");
            builder.CloseElement();
        };
        return dialogs.AskAsync("Revoke this device?", new DialogParameters<RevokeDeviceDialog>
        {
            { dialog => dialog.ChildContent, what },
            { dialog => dialog.Button, "Revoke device" },
            {
                dialog => dialog.Act, reason => messages.TryAsync(async () =>
                    messages.Show(await acts.RevokeAsync(actor, device.Id, reason, cancellationToken), $"“{device.Title}” is revoked."))
            },
        });
    }

    /// <summary>Quarantines one device after saying what that means.</summary>
    public Task QuarantineAsync(Actor actor, DeviceRow device, CancellationToken cancellationToken) =>
        dialogs.AskAsync("Quarantine this device?", new DialogParameters<QuarantineDialog>
        {
            { dialog => dialog.Title, device.Title },
            { dialog => dialog.Person, device.Person },
            { dialog => dialog.IsOwn, actor.Owns(device.UserId) },
            {
                dialog => dialog.Act, reason => messages.TryAsync(async () =>
                    messages.Show(await acts.QuarantineAsync(actor, device.Id, reason, cancellationToken), $"“{device.Title}” is quarantined. Release gives everything back."))
            },
        });

    /// <summary>Gives a quarantined device back what it had.</summary>
    public Task ReleaseAsync(Actor actor, DeviceRow device, string why, CancellationToken cancellationToken) =>
        dialogs.AskAsync("Release this device?", new DialogParameters<ReleaseDialog>
        {
            { dialog => dialog.Title, device.Title },
            { dialog => dialog.Person, device.Person },
            { dialog => dialog.Why, why },
            {
                dialog => dialog.Act, reason => messages.TryAsync(async () =>
                    messages.Show(await acts.ReleaseAsync(actor, device.Id, reason, cancellationToken), $"“{device.Title}” works again."))
            },
        });

    /// <summary>Revokes all of the actor's own active devices, but the one chosen in the dialog.</summary>
    public Task RevokeOthersAsync(Actor actor, IReadOnlyList<DeviceRow> working, CancellationToken cancellationToken) =>
        dialogs.AskAsync("Revoke all others?", new DialogParameters<RevokeOthersDialog>
        {
            { dialog => dialog.Devices, working },
            {
                dialog => dialog.Act, (keep, reason) => messages.TryAsync(async () =>
                {
                    var revoked = await acts.RevokeAllOthersAsync(actor, actor.UserId!, keep, reason, cancellationToken);
                    messages.Done(revoked == 1 ? "1 device is revoked." : $"{revoked} devices are revoked.");
                })
            },
        });

    public Task RenameAsync(Actor actor, DeviceRow device, CancellationToken cancellationToken) =>
        dialogs.AskAsync($"Rename “{device.Title}”", new DialogParameters<RenameDialog>
        {
            { dialog => dialog.Current, device.Name },
            {
                dialog => dialog.Act, name => messages.TryAsync(async () =>
                    messages.Show(await acts.RenameAsync(actor, device.Id, name, cancellationToken), "The new name is saved."))
            },
        });
}
