using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AdminPortal.Web.Devices;

/// <summary>Asks before an act on a device, does it, and tells what came of it. The same on every page that shows devices.</summary>
internal sealed class DeviceDialogs(DialogService dialogs, Messages notices, DeviceActs acts)
{
    /// <summary>Ends one device after a confirmation that names it and its person.</summary>
    public Task EndAsync(Actor actor, DeviceRow device, CancellationToken cancellationToken)
    {
        RenderFragment what = builder =>
        {
            builder.OpenElement(0, "p");
            builder.AddContent(1, $"“{device.Title}” of {device.Person} loses its access.");
            builder.CloseElement();
        };
        return OpenAsync<EndDeviceDialog>("End this device?", new()
        {
            [nameof(EndDeviceDialog.ChildContent)] = what,
            [nameof(EndDeviceDialog.Act)] = "End device",
            [nameof(EndDeviceDialog.OnConfirm)] = Callback<string?>(async reason =>
                notices.Show(await acts.RevokeAsync(actor, device.Id, reason, cancellationToken), $"“{device.Title}” has ended.")),
        });
    }

    /// <summary>Suspends one device after saying what that means.</summary>
    public Task QuarantineAsync(Actor actor, DeviceRow device, CancellationToken cancellationToken) =>
        OpenAsync<QuarantineDialog>("Quarantine this device?", new()
        {
            [nameof(QuarantineDialog.Title)] = device.Title,
            [nameof(QuarantineDialog.Person)] = device.Person,
            [nameof(QuarantineDialog.IsOwn)] = actor.Owns(device.UserId),
            [nameof(QuarantineDialog.OnConfirm)] = Callback<string>(async reason =>
                notices.Show(await acts.QuarantineAsync(actor, device.Id, reason, cancellationToken), $"“{device.Title}” is suspended. Release takes it back.")),
        });

    /// <summary>Gives a suspended device back what it had.</summary>
    public Task ReleaseAsync(Actor actor, DeviceRow device, string suspended, CancellationToken cancellationToken) =>
        OpenAsync<ReleaseDialog>("Release this device?", new()
        {
            [nameof(ReleaseDialog.Title)] = device.Title,
            [nameof(ReleaseDialog.Person)] = device.Person,
            [nameof(ReleaseDialog.Suspended)] = suspended,
            [nameof(ReleaseDialog.OnConfirm)] = Callback<string?>(async reason =>
                notices.Show(await acts.ReleaseAsync(actor, device.Id, reason, cancellationToken), $"“{device.Title}” works again.")),
        });

    /// <summary>Ends all of the actor's own devices that work, but the one chosen in the dialog.</summary>
    public Task EndOthersAsync(Actor actor, IReadOnlyList<DeviceRow> working, CancellationToken cancellationToken) =>
        OpenAsync<EndOthersDialog>("End all others?", new()
        {
            [nameof(EndOthersDialog.Devices)] = working,
            [nameof(EndOthersDialog.OnConfirm)] = Callback<(string? Keep, string? Reason)>(async choice =>
            {
                var ended = await acts.RevokeAllOthersAsync(actor, actor.UserId!, choice.Keep, choice.Reason, cancellationToken);
                notices.Done(ended == 1 ? "1 device has ended." : $"{ended} devices have ended.");
            }),
        });

    public Task RenameAsync(Actor actor, DeviceRow device, CancellationToken cancellationToken) =>
        OpenAsync<RenameDialog>($"Rename “{device.Title}”", new()
        {
            [nameof(RenameDialog.Current)] = device.Name,
            [nameof(RenameDialog.OnSave)] = Callback<string>(async name =>
                notices.Show(await acts.RenameAsync(actor, device.Id, name, cancellationToken), "The new name is saved.")),
        });

    private async Task OpenAsync<TDialog>(string title, Dictionary<string, object?> parameters)
        where TDialog : ComponentBase
    {
        parameters["OnCancel"] = EventCallback.Factory.Create(this, () => dialogs.Close());
        await dialogs.OpenAsync<TDialog>(title, parameters, new DialogOptions { Width = "30rem", CloseDialogOnEsc = true, AutoFocusFirstElement = true });
    }

    /// <summary>Does the act, then closes the dialog; it stays open when the database was away, so that nothing typed is lost.</summary>
    private EventCallback<T> Callback<T>(Func<T, Task> act) => EventCallback.Factory.Create<T>(this, async value =>
    {
        if (await notices.TryAsync(() => act(value)))
        {
            dialogs.Close();
        }
    });
}
