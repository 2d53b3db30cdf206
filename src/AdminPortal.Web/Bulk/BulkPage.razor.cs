using AdminPortal.Core.Activity;
using AdminPortal.Core.Bulk;
using AdminPortal.Core.Devices;
using AdminPortal.Data.Permissions;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Bulk;

/// <summary>What an act on many devices would do, and its start. The devices are frozen; the counts are as of now, and the start checks them again.</summary>
public sealed partial class BulkPage
{
    private static readonly int[] Terms = [1, 7, 30, 90];
    private BulkOrder order = new(BulkAct.Quarantine);
    private int days = 30;
    private bool includeOwn;
    private BulkOrder? counted;
    private bool begun;

    [Parameter] public required string Id { get; set; }

    [SupplyParameterFromQuery] public string? Act { get; set; }

    [Inject] public required BulkPreviews Previews { get; set; }

    [Inject] public required BulkActs Acts { get; set; }

    [Inject] internal Messages Messages { get; set; } = null!;

    [Inject] public required NavigationManager Navigation { get; set; }

    protected override string ViewKey => Id;

    protected override Task OnParametersSetAsync()
    {
        if (!begun && QueryText.Parse<BulkAct>(Act) is { } act && BulkChoices.All.Any(choice => choice.Act == act))
        {
            order = Complete(new BulkOrder(act));
        }

        begun = true;
        return base.OnParametersSetAsync();
    }

    /// <summary>True once the figures are those of the act that is chosen.</summary>
    private bool IsCounted => counted == order;

    protected override async Task<ImpactPreview?> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var asked = order;
        var preview = await Previews.FindAsync(actor, Id, asked, cancellationToken);
        counted = asked;
        return preview;
    }

    /// <summary>Counting up to a hundred thousand devices at every change of any would keep the database busy; the start counts again.</summary>
    protected override bool Concerns(DeviceChange change) => false;

    private Task ChangeAsync(BulkOrder wanted)
    {
        order = Complete(wanted);
        return ReloadAsync();
    }

    private Task ExtendAsync(int wanted)
    {
        days = wanted;
        return ChangeAsync(order);
    }

    private BulkOrder Complete(BulkOrder wanted) => wanted with
    {
        Scope = BulkChoices.IsScoped(wanted.Act) ? wanted.Scope ?? PermissionScope.ReadPatientData : null,
        Until = wanted.Act == BulkAct.ExtendScope && days > 0 ? Time.GetUtcNow().AddDays(days) : null,
    };

    private async Task StartAsync((string Reason, int Confirmed) wanted) => await Messages.TryAsync(async () =>
    {
        switch (await Acts.StartAsync(Actor!, Id, order, wanted.Reason, wanted.Confirmed, includeOwn, Life))
        {
            case BulkOutcome.Started started:
                Navigation.NavigateTo($"/runs/{started.RunId}");
                break;
            case BulkOutcome.AlreadyStarted already:
                Messages.Warn("This selection had been started already. Nothing was started twice.");
                Navigation.NavigateTo($"/runs/{already.RunId}");
                break;
            case BulkOutcome.Changed changed:
                Messages.Warn($"The devices changed meanwhile: the act would now change {changed.Devices:N0}. Nothing was started; look at the preview again.");
                await ReloadAsync();
                break;
            case BulkOutcome.Invalid invalid:
                Messages.Warn(invalid.Message);
                break;
            case BulkOutcome.NotAllowed:
                Messages.Warn("Your role does not allow this. Nothing was changed.");
                break;
            default:
                Messages.Warn("This selection is gone. Nothing was changed.");
                break;
        }
    });
}
