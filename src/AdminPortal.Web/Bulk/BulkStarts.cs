using AdminPortal.Core.Activity;
using AdminPortal.Core.Bulk;
using AdminPortal.Core.Devices;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Bulk;

/// <summary>Freezes the devices that a person means and goes to the page that shows what the act would do. Changes no device.</summary>
internal sealed class BulkStarts(DeviceSelections selections, Messages messages, NavigationManager navigation)
{
    public Task PickedAsync(Actor actor, IReadOnlyCollection<string> pairingIds, BulkAct act, CancellationToken cancellationToken) =>
        OpenAsync(() => selections.FreezeAsync(actor, pairingIds, cancellationToken), act);

    public Task MatchingAsync(Actor actor, DeviceFilter filter, BulkAct act, CancellationToken cancellationToken) =>
        OpenAsync(() => selections.FreezeAsync(actor, filter, cancellationToken), act);

    public Task PersonAsync(Actor actor, string userId, string person, BulkAct act, CancellationToken cancellationToken) =>
        OpenAsync(() => selections.FreezeAsync(actor, userId, person, cancellationToken), act);

    private Task<bool> OpenAsync(Func<Task<SelectionOutcome>> freeze, BulkAct act) => messages.TryAsync(async () =>
    {
        switch (await freeze())
        {
            case SelectionOutcome.Frozen frozen:
                navigation.NavigateTo($"/devices/bulk/{frozen.SelectionId}?act={QueryText.Word(act)}");
                break;
            case SelectionOutcome.TooMany many:
                messages.Warn($"That is more than {many.Limit:N0} devices, the most that one act takes. Narrow the filter and do it in parts.");
                break;
            case SelectionOutcome.Empty:
                messages.Warn("None of these devices is there any more.");
                break;
            default:
                messages.Warn("Only administrators act on many devices at once.");
                break;
        }
    });
}
