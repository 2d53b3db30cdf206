using System.Diagnostics;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Monitoring;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Sync;

/// <summary>
/// Puts every answered sync request on record at the moment its answer starts, whoever gave the answer: the endpoint, the sign-in
/// of devices, or the exception handler. An answer that is sent bit by bit is on record when it is over.
/// </summary>
internal static class SyncRecording
{
    public static void UseSyncRecording(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (KindOf(context) is not { } kind)
        {
            await next(context);
            return;
        }

        var started = Stopwatch.GetTimestamp();
        using var turn = new SyncTurn(context.RequestServices.GetRequiredService<SyncLimit>());
        if (!await turn.TakeAsync(context.RequestAborted))
        {
            await SyncProblems.Busy.ExecuteAsync(context);
            return;
        }

        context.Features.Set(turn);
        var answer = new SyncAnswer { Kind = kind };
        context.Features.Set(answer);
        context.Response.OnStarting(() => answer.IsStreamed ? Task.CompletedTask : RecordAsync(context, answer, started));
        try
        {
            await next(context);
        }
        finally
        {
            if (answer.IsStreamed)
            {
                await RecordAsync(context, answer, started);
            }

            if (context.Features.Get<DeviceTokenOutcome.Valid>() is { } device)
            {
                context.RequestServices.GetRequiredService<SyncLimit>().Charge(device.DeviceId, answer);
            }
        }

        if (kind == SyncKind.Push && context.Response is { StatusCode: StatusCodes.Status413PayloadTooLarge, HasStarted: false })
        {
            await SyncProblems.TooLarge.ExecuteAsync(context); // the server set the status, and leaves the words to us
        }
    });

    private static async Task RecordAsync(HttpContext context, SyncAnswer answer, long started)
    {
        var outcome = context.Features.Get<DeviceTokenOutcome>();
        var caller = outcome switch
        {
            DeviceTokenOutcome.Valid valid => new SyncCaller(valid.UserId, valid.DeviceId),
            { DeadDevice: { } device, DeadDeviceUserId: { } userId } => new SyncCaller(userId, device.DeviceId),
            _ => null,
        };
        if (caller is null)
        {
            return; // nobody knows whose request it was
        }

        var services = context.RequestServices;
        answer.Status = context.Response.StatusCode;
        answer.Problem = ApiProblem.NameOf(context);
        answer.TraceId = System.Diagnostics.Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
        answer.Took = Stopwatch.GetElapsedTime(started);
        services.GetRequiredService<SyncLog>().Pushed(caller, answer);
        services.GetRequiredService<PortalMeter>().Pushed(answer.Applied, answer.Conflicts, answer.Rejected);
        await services.GetRequiredService<SyncRecord>().AddAsync(caller, answer, services.GetRequiredService<TimeProvider>(), CancellationToken.None);
    }

    private static SyncKind? KindOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.OfType<SyncKind>().Cast<SyncKind?>().LastOrDefault();
}
