using AdminPortal.Core.Activity;
using AdminPortal.Core.Alerts;
using AdminPortal.Web.Devices;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Alerts;

/// <summary>What admins have to look at, with the evidence beside it. Support reads it. Live.</summary>
public sealed partial class AlertsPage
{
    [Inject] public required AlertList Alerts { get; set; }

    [Inject] internal AlertDialogs Dialogs { get; set; } = null!;

    [Inject] internal DeviceDialogs Devices { get; set; } = null!;

    [SupplyParameterFromQuery] public string? Show { get; set; }

    [SupplyParameterFromQuery] public string? Before { get; set; }

    protected override string ViewKey => $"{Show} {Before}";

    private bool Closed => Show == "closed";

    private string[] Unreadable => Show is null or "closed" ? [] : [$"show={Show}"];

    protected override async Task<AlertPage?> LoadAsync(Actor actor, CancellationToken cancellationToken) =>
        Unreadable.Length > 0 ? null : await Alerts.ListAsync(actor, Closed, Before, cancellationToken);
}
