using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Web.ApiDescription;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace AdminPortal.Web.Sync;

/// <summary>The protocol of devices that work offline: register, push, pull, report. For client authors: docs/sync-client.md.</summary>
internal static class SyncEndpoints
{
    private const int PushLimit = 512 * 1024;
    private const int ReportLimit = 16 * 1024;
    private const int TextLimit = 500;

    public static void MapSync(this IEndpointRouteBuilder api)
    {
        var sync = api.MapGroup("").WithCompressedAnswers().RequireAuthorization(Policies.Device).WithTags("Sync").AddEndpointFilter<SyncFilter>();
        sync.MapPut("/devices/me", RegisterAsync).WithMetadata(SyncKind.Register).WithName("registerDevice").WithSummary("Register for sync and push")
            .WithDescription("Before the first push or pull, after every update of the app, and when the push token changes. May be repeated.")
            .Produces<ApiEnvelope<RegisteredAnswer>>()
            .Problems(400, "invalid-request").Problems(404, "sync-off").Problems(429, "too-many-requests").Problems(503, "sync-unavailable")
            .WithMetadata(SyncExamples.Register);
        sync.MapPost("/sync/push", PushAsync).WithMetadata(SyncKind.Push, new RequestSizeLimitAttribute(PushLimit)).WithName("pushChanges").WithSummary("Send what was done offline")
            .WithDescription($"At most {PushBatch.Limit} operations and {PushLimit / 1024} KB, unpacked; the body may come with Content-Encoding gzip or br. The same operation may be sent again and again: it has one effect and one result. After 503 nothing was taken: send the same again.")
            .Accepts<PushRequest>("application/json").Produces<ApiEnvelope<PushAnswer>>()
            .Problems(400, "invalid-request").Problems(403, "device-not-yours", "app-version-unsupported").Problems(404, "sync-off").Problems(409, "device-not-registered").Problems(413, "batch-too-large").Problems(429, "too-many-requests").Problems(503, "sync-unavailable", "portal-outdated")
            .WithMetadata(SyncExamples.Push);
        sync.MapGet("/sync/pull", PullAsync).WithMetadata(SyncKind.Pull).WithName("pullChanges").WithSummary("Get what changed")
            .WithDescription(
                $"Without cursor: everything. limit: 1 to {SyncPull.MaximumLimit}, {SyncPull.DefaultLimit} if absent. Pull until a page is empty: that tells the server that everything has arrived. "
                + "entity: task or focusSession alone; each has cursors of its own. order=newest: a first reading begins with what was changed last. format=ndjson: all pages in one answer, a change a line; "
                + "after each page, and at the end, a line with cursor, hasMore, head and serverTime, or one with problem when the rest has to wait. Save what came before a cursor together with it: "
                + "an answer that breaks off goes on from there. Answers are compressed for whoever accepts gzip or br.")
            .Produces<ApiEnvelope<PullAnswer>>().WithMetadata(new ApiText(200, PullStream.ContentType))
            .Problems(400, "invalid-request").Problems(403, "device-not-yours", "app-version-unsupported").Problems(404, "sync-off").Problems(409, "device-not-registered", "cursor-reset").Problems(410, "cursor-expired").Problems(429, "too-many-requests").Problems(503, "sync-unavailable", "portal-outdated")
            .WithMetadata(SyncExamples.Pull);
        sync.MapGet("/sync/conflicts", ConflictsAsync).WithMetadata(SyncKind.Conflicts).WithName("listConflicts").WithSummary("Get the values that lost a conflict")
            .WithDescription($"Those that this device lost and those that it overwrote, the newest {SyncConflictList.Limit}. They are kept on the server, and can be put back there.")
            .Produces<ApiEnvelope<ConflictsAnswer>>()
            .Problems(403, "device-not-yours").Problems(404, "sync-off").Problems(429, "too-many-requests").Problems(503, "sync-unavailable").Problems(409, "device-not-registered")
            .WithMetadata(SyncExamples.Conflicts);
        sync.MapPost("/sync/report", ReportAsync).WithMetadata(SyncKind.Report, new RequestSizeLimitAttribute(ReportLimit)).WithName("reportSync").WithSummary("Tell how the sync looks from the device")
            .WithDescription("Taken from every paired device, also from apps that are too old to sync. Support reads it.")
            .Produces<ApiEnvelope<ReportAnswer>>()
            .Problems(400, "invalid-request").Problems(404, "sync-off").Problems(429, "too-many-requests").Problems(503, "sync-unavailable")
            .WithMetadata(SyncExamples.Report);
    }

    private static async Task<IResult> RegisterAsync(
        RegisterDeviceRequest request, HttpContext context, SyncRegistration registration, TimeProvider time, CancellationToken cancellationToken) =>
        await registration.RegisterAsync(
            CallerOf(context), new RegistrationRequest(request.Platform, request.OsVersion, request.AppVersion, request.SchemaVersion, request.PushToken), cancellationToken) switch
        {
            RegistrationOutcome.Done done => ApiResults.Ok(new RegisteredAnswer(done.DeviceId, done.MaySync, done.MinimumAppVersion, request.SchemaVersion, time.GetUtcNow())),
            RegistrationOutcome.Invalid invalid => ApiResults.Invalid(invalid.Message),
            _ => throw new InvalidOperationException("A registration is done or invalid."),
        };

    private static async Task<IResult> PushAsync(HttpContext context, SyncPush push, TimeProvider time, CancellationToken cancellationToken)
    {
        var request = await PushReading.ReadAsync(context.Request, cancellationToken);
        var answer = AnswerOf(context);
        (answer.Outbox, answer.ClockSkew, answer.Items) = (Outbox(request.State), request.SentAt - time.GetUtcNow(), request.Ops?.Count ?? 0);
        if (request.Ops is null || Wrong(request.State) is not null)
        {
            return ApiResults.Invalid(Wrong(request.State) ?? "Send ops as a list; it may be empty.");
        }

        switch (await push.PushAsync(CallerOf(context), new PushBatch(request.SchemaVersion, request.Ops), cancellationToken))
        {
            case PushOutcome.Done done:
                var fresh = done.Results.Where(r => !r.Replayed).ToList();
                answer.Applied = fresh.Count(r => r.Status != PushResult.Rejected);
                answer.Conflicts = fresh.Count(r => r.Status == PushResult.Conflict);
                answer.Rejected = fresh.Count(r => r.Status == PushResult.Rejected);
                answer.Head = done.Head;
                return ApiResults.Ok(new PushAnswer(done.Results, done.Head, time.GetUtcNow()));
            case PushOutcome.Refused { Reason: var reason }:
                return SyncProblems.From(reason);
            default:
                throw new InvalidOperationException("A push is done or refused.");
        }
    }

    private static async Task<IResult> PullAsync(
        HttpContext context, SyncPull pull, TimeProvider time, CancellationToken cancellationToken,
        string? cursor = null, [Range(1, SyncPull.MaximumLimit)] int? limit = null, int schemaVersion = 1, string? entity = null,
        [AllowedValues("oldest", "newest")] string? order = null, [AllowedValues("json", "ndjson")] string? format = null)
    {
        if (order is not (null or "oldest" or "newest") || format is not (null or "json" or "ndjson"))
        {
            return ApiResults.Invalid("order is oldest or newest, format is json or ndjson.");
        }

        if (limit is < 1 or > SyncPull.MaximumLimit)
        {
            return ApiResults.Invalid($"limit must be from 1 to {SyncPull.MaximumLimit}.");
        }

        var (caller, answer, streamed) = (CallerOf(context), AnswerOf(context), format == "ndjson");
        var wish = new PullWish(schemaVersion, cursor, limit ?? (streamed ? SyncPull.StreamedLimit : SyncPull.DefaultLimit), entity, order == "newest");
        switch (await pull.PullAsync(caller, wish, cancellationToken))
        {
            case PullOutcome.Done done:
                answer.Note(done);
                return streamed
                    ? new PullStream(done, wish, caller, pull, answer, time)
                    : ApiResults.Ok(new PullAnswer(done.Changes, done.Cursor, done.HasMore, done.Head, time.GetUtcNow()));
            case PullOutcome.Refused { Reason: var reason }:
                return SyncProblems.From(reason);
            default:
                throw new InvalidOperationException("A pull is done or refused.");
        }
    }

    private static async Task<IResult> ConflictsAsync(HttpContext context, SyncConflictList conflicts, CancellationToken cancellationToken) =>
        await conflicts.ReadAsync(CallerOf(context), cancellationToken) switch
        {
            ConflictsOutcome.Done { Conflicts: var found } => ApiResults.Ok(new ConflictsAnswer(found)),
            ConflictsOutcome.Refused { Reason: var reason } => SyncProblems.From(reason),
            _ => throw new InvalidOperationException("Conflicts are read or refused."),
        };

    private static IResult ReportAsync(ReportRequest request, HttpContext context, TimeProvider time)
    {
        var answer = AnswerOf(context);
        if (Wrong(request.State) is { } wrong)
        {
            return ApiResults.Invalid(wrong);
        }

        if (request.Problem?.Length > TextLimit || request.AppVersion?.Length > TextLimit || request.Details is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) })
        {
            return ApiResults.Invalid($"problem has at most {TextLimit} characters, and details is an object.");
        }

        var fault = StorableJson.Fault(request.Problem ?? "", "problem") ?? StorableJson.Fault(request.AppVersion ?? "", "appVersion")
            ?? (request.Details is { } details ? StorableJson.Fault(details, "details") : null);
        if (fault is not null)
        {
            return ApiResults.Invalid(fault);
        }

        var report = JsonSerializer.Serialize(request with { State = null }, JsonSerializerOptions.Web);
        (answer.Outbox, answer.ClockSkew, answer.Report) = (Outbox(request.State), request.SentAt - time.GetUtcNow(), report);
        return ApiResults.Ok(new ReportAnswer(time.GetUtcNow()));
    }

    private static DeviceOutbox? Outbox(OutboxState? state) =>
        state is { Pending: { } pending } && Wrong(state) is null ? new DeviceOutbox((int)Math.Min(pending, int.MaxValue), state.OldestPendingAt) : null;

    private static string? Wrong(OutboxState? state) => state is { Pending: < 0 } or { Rejected: < 0 } ? "state.pending and state.rejected are counts." : null;

    private static SyncCaller CallerOf(HttpContext context)
    {
        var device = context.Features.Get<DeviceTokenOutcome.Valid>()!;
        return new SyncCaller(device.UserId, device.DeviceId);
    }

    private static SyncAnswer AnswerOf(HttpContext context) => context.Features.Get<SyncAnswer>()!;
}
