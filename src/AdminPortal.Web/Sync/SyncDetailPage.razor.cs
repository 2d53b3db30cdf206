using AdminPortal.Core.Activity;
using AdminPortal.Core.Sync;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Sync;

/// <summary>Why a device does or does not sync: what is wrong, why and what to do, and the evidence below. <c>Id</c> is the device's own or its pairing's.</summary>
public sealed partial class SyncDetailPage
{
    private bool busy;
    private bool traced;
    private SyncTrace? trace;
    private string? said;

    [Parameter] public required string Id { get; set; }

    [CascadingParameter] public ViewerClock? Clock { get; set; }

    [Inject] public required SyncDetails Details { get; set; }

    [Inject] public required SyncActs Acts { get; set; }

    [Inject] public required SyncTraces Traces { get; set; }

    [Inject] public required SyncConsents Consents { get; set; }

    [Inject] internal Messages Notices { get; set; } = null!;

    protected override string ViewKey => Id;

    protected override bool IsMoving => false;

    private SyncWords Words => SyncSpeech.Of(Clock, Time);

    protected override Task<SyncDetail?> LoadAsync(Actor actor, CancellationToken cancellationToken) => Details.FindAsync(actor, Id, cancellationToken);

    private static string? Count(int count, string what) => count == 0 ? null : $"{count} {what}";

    private RenderFragment FullRead(SyncDetail detail) => builder =>
    {
        builder.OpenComponent<FullReadRequest>(0);
        builder.SetKey(Id);
        builder.AddComponentParameter(1, nameof(FullReadRequest.RequestedAt), detail.Standing.ResyncRequestedAt?.UtcDateTime);
        builder.AddComponentParameter(2, nameof(FullReadRequest.Busy), busy);
        builder.AddComponentParameter(3, nameof(FullReadRequest.OnRequest), EventCallback.Factory.Create(
            this, () => ActAsync(() => Acts.RequestResyncAsync(Actor!, detail.Standing.DeviceId, Life), "The device reads everything again with its next sync. What waits on it is kept.")));
        builder.AddComponentParameter(4, nameof(FullReadRequest.OnTakeBack), EventCallback.Factory.Create(
            this, () => ActAsync(() => Acts.TakeBackResyncAsync(Actor!, detail.Standing.DeviceId, Life), "Taken back. The device goes on from where it is.")));
        builder.CloseComponent();
    };

    private Task ActAsync(Func<Task<SyncActOutcome>> act, string done) => GuardAsync(async () => Notices.Show(await act(), done));

    private Task TraceAsync(string id) => GuardAsync(async () => (trace, traced) = (await Traces.FindAsync(Actor!, State.Value!.Standing.UserId, id, Life), true));

    private Task RedeemAsync(string code) => GuardAsync(async () =>
    {
        said = await Consents.RedeemAsync(Actor!, State.Value!.Standing.UserId, code, Life) switch
        {
            RedeemOutcome.Opened => null,
            RedeemOutcome.WrongCode { Left: > 0 } wrong => $"That is not the code. {wrong.Left} {(wrong.Left == 1 ? "try" : "tries")} left.",
            RedeemOutcome.NotAllowed => "Your role does not allow this.",
            _ => "There is no code now. The person has to press “Let support see” again.",
        };
        trace = null;
        traced = false;
    });

    private Task EndViewAsync() => GuardAsync(async () =>
    {
        await Consents.EndAsync(Actor!, State.Value!.Standing.UserId, Life);
        (trace, traced) = (null, false);
    });

    /// <summary>One act at a time; the page is read again after it.</summary>
    private async Task GuardAsync(Func<Task> act)
    {
        if (busy)
        {
            return;
        }

        busy = true;
        try
        {
            await Notices.TryAsync(act);
            await ReloadAsync();
        }
        finally
        {
            busy = false;
        }
    }
}
