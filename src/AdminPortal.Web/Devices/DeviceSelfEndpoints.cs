using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using AdminPortal.Core.Devices;
using AdminPortal.Web.ApiDescription;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Devices;

/// <param name="AcknowledgedAt">When the device said so first (UTC).</param>
public sealed record AcknowledgedAnswer(DateTimeOffset AcknowledgedAt);

/// <summary>What a device asks and says about itself: live events, and that it knows its access has ended.</summary>
internal static class DeviceSelfEndpoints
{
    private const string Bearer = "Bearer ";
    private static readonly TimeSpan Ping = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FullPause = TimeSpan.FromSeconds(30);

    public static void MapDeviceSelf(this IEndpointRouteBuilder api)
    {
        var me = api.MapGroup("/devices/me").WithTags("Devices: about itself");
        me.MapGet("/events", Events).RequireAuthorization(Policies.Device).WithSummary("Hear at once what changes")
            .WithDescription(
                "Server-sent events (text/event-stream): connected first, and what changes from then on is told, so read your permissions when you hear it; "
                + "permissions-changed whenever they change; ping every 20 s; "
                + $"and last revoked, quarantined or expired: then the connection closes. At most {DeviceStreams.PerDevice} connections per device.")
            .Produces<string>(200, "text/event-stream").ProducesProblem(401).ProducesProblem(403).ProducesProblem(429)
            .WithMetadata(
                new ApiExample(null, """ "event: permissions-changed\ndata: {\"type\":\"permissions-changed\"}\n\n" """),
                ApiExample.Problem(401, "device-revoked", "This device's pairing was ended."));
        me.MapPost("/ack", AcknowledgeAsync).AllowAnonymous().WithSummary("Confirm that you know of your revocation or quarantine")
            .WithDescription(
                "Authorization: Bearer and the dead token, after an answer 401 device-revoked or device-quarantined or the event of that name. Completes the receipt that "
                + "people see. May be repeated: the first time counts.")
            .Produces<ApiEnvelope<AcknowledgedAnswer>>().ProducesProblem(401).ProducesProblem(409).ProducesProblem(429)
            .WithMetadata(
                new ApiExample(null, """{"success":true,"data":{"acknowledgedAt":"2030-01-01T08:00:00Z"}}"""),
                ApiExample.Problem(409, "device-not-ended", "This device's access has not been ended."));
    }

    private static IResult Events(HttpContext context, DeviceStreams streams, Drain drain)
    {
        var stream = streams.TryOpen(context.User.FindFirstValue(Policies.DevicePairingClaim)!, Token(context)!);
        if (stream is null)
        {
            return ApiResults.TooMany(FullPause);
        }

        context.Response.RegisterForDispose(stream);
        return TypedResults.ServerSentEvents(ReadAsync(stream, drain.Leaving, context.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<string>> ReadAsync(
        DeviceStream stream, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        while (await NextAsync(stream, either.Token) is { } word)
        {
            yield return Item(word);
        }

        if (stopping.IsCancellationRequested)
        {
            yield return new SseItem<string>("""{"type":"moved"}""", "moved") { ReconnectionInterval = Reconnect };
        }
    }

    /// <summary>The next word; <c>ping</c> when there is none for a while; null at the end.</summary>
    private static async Task<string?> NextAsync(DeviceStream stream, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Ping);
        try
        {
            return await stream.Events.WaitToReadAsync(patience.Token) && stream.Events.TryRead(out var word) ? word : null;
        }
        catch (OperationCanceledException)
        {
            return cancellationToken.IsCancellationRequested ? null : "ping";
        }
    }

    private static SseItem<string> Item(string word) => new($$"""{"type":"{{word}}"}""", word);

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
