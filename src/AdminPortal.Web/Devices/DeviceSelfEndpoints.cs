using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Sync;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Web.ApiDescription;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace AdminPortal.Web.Devices;

/// <param name="AcknowledgedAt">When the device said so first (UTC).</param>
public sealed record AcknowledgedAnswer(DateTimeOffset AcknowledgedAt);

/// <param name="ExpiresAt">Until when the pairing lasts now (UTC).</param>
public sealed record RenewedAnswer(DateTimeOffset ExpiresAt);

/// <summary>What a device asks and says about itself: live events, more time, and that it knows its access has ended.</summary>
internal static class DeviceSelfEndpoints
{
    private const string Bearer = "Bearer ";
    private static readonly TimeSpan Ping = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FullPause = TimeSpan.FromSeconds(30);

    public static void MapDeviceSelf(this IEndpointRouteBuilder api)
    {
        var me = api.MapGroup("/devices/me").WithTags("Devices: about itself");
        me.MapGet("/events", EventsAsync).RequireAuthorization(Policies.Device).WithName("hearEvents").WithSummary("Hear at once what changes")
            .WithDescription(
                "Server-sent events (text/event-stream): connected first, and what changes from then on is told, so read your permissions when you hear it; "
                + "permissions-changed whenever they change; changed when there is something to pull that this device did not write itself, with the version that the person's data has reached (head), "
                + "at most once a second; ping every 20 s when there is nothing else. Last of all revoked, quarantined or expired, or moved when this portal instance stops: connect again after the time in "
                + "retry, and another one answers. Then the connection closes. The id of connected and changed is that version: sent back as Last-Event-ID (browsers do so), changed comes at once if "
                + $"something was missed. At most {DeviceStreams.PerDevice} connections per device.")
            .Produces<string>(200, "text/event-stream")
            .WithMetadata(
                new ApiExample(null, """ "event: changed\nid: 814\ndata: {\"type\":\"changed\",\"head\":814}\n\n" """),
                ApiExample.Problem(401, "device-revoked", "This device's pairing was ended."));
        me.MapPost("/renew", RenewAsync).RequireAuthorization(Policies.Device).WithName("renewPairing").WithSummary("Let the pairing go on")
            .WithDescription(
                "From the middle of the pairing's time on: it lasts as long again, from now. Never longer, counted from when a person paired the device, than the portal and its policies "
                + "let a pairing last; then pair again. Nothing else changes: the token stays, and so do permissions with an end of their own. On record.")
            .Produces<ApiEnvelope<RenewedAnswer>>()
            .Problems(409, "renewal-too-early", "renewal-not-allowed")
            .WithMetadata(
                new ApiExample(null, """{"success":true,"data":{"expiresAt":"2030-03-01T08:00:00Z"}}"""),
                ApiExample.Problem(409, "renewal-not-allowed", "This pairing lasts as long as it may."));
        me.MapPost("/ack", AcknowledgeAsync).AllowAnonymous().WithMetadata(new ApiBearer(ApiSecurity.DeviceToken)).WithName("acknowledgeEnd").WithSummary("Confirm that you know of your revocation or quarantine")
            .WithDescription(
                "Authorization: Bearer and the dead token, after an answer 401 device-revoked or device-quarantined or the event of that name. Completes the receipt that "
                + "people see. May be repeated: the first time counts.")
            .Produces<ApiEnvelope<AcknowledgedAnswer>>()
            .Problems(401, "token-unknown").Problems(409, "device-not-ended").Problems(429, "too-many-requests")
            .WithMetadata(
                new ApiExample(null, """{"success":true,"data":{"acknowledgedAt":"2030-01-01T08:00:00Z"}}"""),
                ApiExample.Problem(409, "device-not-ended", "This device's access has not been ended."));
    }

    private static async Task<IResult> EventsAsync(
        HttpContext context, DeviceStreams streams, SyncHeadWatch heads, Drain drain, [FromHeader(Name = "Last-Event-ID")] string? lastEventId, CancellationToken cancellationToken)
    {
        var device = context.Features.Get<DeviceTokenOutcome.Valid>()!;
        var stream = streams.TryOpen(device.PairingId, Token(context)!);
        if (stream is null)
        {
            return ApiResults.TooMany(FullPause);
        }

        context.Response.RegisterForDispose(stream);
        var listening = await heads.ListenAsync(new SyncCaller(device.UserId, device.DeviceId), LastSeen(lastEventId), stream.TellChanged, cancellationToken);
        if (listening is not null)
        {
            context.Response.RegisterForDispose(listening);
        }

        return TypedResults.ServerSentEvents(ReadAsync(stream, listening?.From, drain.Leaving, context.RequestAborted));
    }

    /// <summary>The version that the device heard of last, on another connection.</summary>
    private static long? LastSeen(string? eventId) =>
        long.TryParse(eventId, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    private static async IAsyncEnumerable<SseItem<string>> ReadAsync(
        DeviceStream stream, long? from, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        while (await NextAsync(stream, either.Token) is { } heard)
        {
            yield return Item(heard, heard.Word == DeviceStream.Connected ? from : heard.Head);
        }

        if (stopping.IsCancellationRequested)
        {
            yield return new SseItem<string>("""{"type":"moved"}""", "moved") { ReconnectionInterval = Reconnect };
        }
    }

    /// <summary>What is next; <c>ping</c> when there is nothing for a while; null at the end.</summary>
    private static async Task<StreamEvent?> NextAsync(DeviceStream stream, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Ping);
        try
        {
            return await stream.Events.WaitToReadAsync(patience.Token) && stream.Events.TryRead(out var heard) ? heard : null;
        }
        catch (OperationCanceledException)
        {
            return cancellationToken.IsCancellationRequested ? null : new StreamEvent("ping");
        }
    }

    private static SseItem<string> Item(StreamEvent heard, long? version) => new(
        heard.Head is { } head ? string.Create(CultureInfo.InvariantCulture, $$"""{"type":"{{heard.Word}}","head":{{head}}}""") : $$"""{"type":"{{heard.Word}}"}""",
        heard.Word)
    { EventId = version?.ToString(CultureInfo.InvariantCulture) };

    private static async Task<IResult> RenewAsync(HttpContext context, DeviceRenewals renewals, CancellationToken cancellationToken) =>
        await renewals.RenewAsync(context.Features.Get<DeviceTokenOutcome.Valid>()!.PairingId, context.RemoteAddress(), cancellationToken) switch
        {
            RenewOutcome.Done done => ApiResults.Ok(new RenewedAnswer(new DateTimeOffset(done.ExpiresAt, TimeSpan.Zero))),
            RenewOutcome.TooEarly { From: var from } => ApiProblem.Result(
                409, "renewal-too-early", "The pairing has time left.", "It can go on from the middle of its time.", extensions: new() { ["renewableFrom"] = new DateTimeOffset(from, TimeSpan.Zero) }),
            RenewOutcome.NotAllowed => ApiResults.Problem(409, "renewal-not-allowed", "This pairing lasts as long as it may.", "Pair the device again before it ends."),
            _ => Unauthorized(context),
        };

    private static async Task<IResult> AcknowledgeAsync(HttpContext context, DeviceTokens tokens, CancellationToken cancellationToken)
    {
        if (Token(context) is not { } token)
        {
            return Unauthorized(context);
        }

        return await tokens.AcknowledgeAsync(token, context.RemoteAddress(), cancellationToken) switch
        {
            AcknowledgeOutcome.Noted noted => ApiResults.Ok(new AcknowledgedAnswer(noted.At)),
            AcknowledgeOutcome.NothingEnded => ApiResults.Problem(
                409, "device-not-ended", "This device's access has not been ended.", "There is nothing to acknowledge: the token was not revoked."),
            AcknowledgeOutcome.TooMany { RetryAfter: var wait } => ApiResults.TooMany(wait),
            _ => Unauthorized(context),
        };
    }

    private static string? Token(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            && header[Bearer.Length..].Trim() is { Length: > 0 } token && token.StartsWith(PortalSchemes.DeviceTokenPrefix, StringComparison.Ordinal)
            ? token
            : null;
    }

    private static IResult Unauthorized(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        return ApiResults.Problem(401, "token-unknown", "The portal does not know this token.", "Send the device's token, the one that was ended.");
    }
}
