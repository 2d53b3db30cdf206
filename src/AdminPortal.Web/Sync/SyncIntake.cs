using AdminPortal.Core.Devices;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace AdminPortal.Web.Sync;

/// <summary>
/// What a sync request passes once its device is known: the device's own limits, and the reading of its body while no turn is held. A
/// slow device hurts itself alone.
/// </summary>
internal static class SyncIntake
{
    public static void UseSyncIntake(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.Features.Get<SyncTurn>() is not { } turn || context.Features.Get<DeviceTokenOutcome.Valid>() is not { } device)
        {
            await next(context); // no call of sync, or a device that is refused for another reason
            return;
        }

        var limit = context.RequestServices.GetRequiredService<SyncLimit>();
        if (limit.WaitFor(device.DeviceId) is { } wait)
        {
            await ApiResults.TooMany(wait).ExecuteAsync(context);
            return;
        }

        if (!await ReceiveAsync(context, limit, turn, device.DeviceId))
        {
            return;
        }

        if (!await turn.TakeAsync(device.UserId, context.RequestAborted))
        {
            await SyncProblems.Busy.ExecuteAsync(context);
            return;
        }

        await next(context);
    });

    /// <summary>False: the request is answered already.</summary>
    private static async Task<bool> ReceiveAsync(HttpContext context, SyncLimit limit, SyncTurn turn, string deviceId)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false)
        {
            return true;
        }

        turn.GiveBack();
        using var body = limit.BeginBody(deviceId);
        if (!body.IsAcquired)
        {
            await ApiResults.TooMany(SyncLimit.Pause).ExecuteAsync(context);
            return false;
        }

        if (HttpProtocol.IsHttp11(context.Request.Protocol) && context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = SyncLimit.Slowest; // of other versions the server measures the whole connection
        }

        var received = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(received, context.RequestAborted);
        }
        catch (BadHttpRequestException bad)
        {
            context.Response.StatusCode = bad.StatusCode; // too large or too slow; whoever finds no words yet adds them
            return false;
        }

        received.Position = 0;
        context.Request.Body = received;
        return true;
    }
}
