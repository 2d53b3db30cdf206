using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.Json.Serialization;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Policies;
using AdminPortal.Data.Permissions;
using AdminPortal.Web.ApiDescription;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Permissions;

/// <summary>A device asks for scopes, or to keep them longer.</summary>
/// <param name="Permissions"><c>"SCOPE"</c> or <c>{"scope","expiresAt"}</c>; at least one.</param>
/// <param name="Reason">For the person who decides; at most 200 characters.</param>
public sealed record AskRequest([property: Required] IReadOnlyList<ScopeEntry?>? Permissions, string? Reason = null);

/// <summary>How it stands with the scopes that a device asked for.</summary>
public sealed record AskAnswer(IReadOnlyList<AskedPermission> Requests);

/// <summary>A scope that a device asked for; times in UTC.</summary>
/// <param name="State">open, granted, refused, void (the pairing ended first), or held (the device has it for that long already).</param>
/// <param name="ExpiresAt">Until when it was asked for; null: as long as the pairing lasts.</param>
/// <param name="Answer">What the person who decided said.</param>
public sealed record AskedPermission(
    string? Id, PermissionScope Scope, [property: AllowedValues("open", "granted", "refused", "void", "held")] string State, DateTimeOffset? ExpiresAt, string? Reason, DateTimeOffset? AskedAt, DateTimeOffset? DecidedAt, string? Answer);

/// <param name="Decision">grant or refuse.</param>
/// <param name="ExpiresAt">For grant: until when; absent: as long as the pairing lasts.</param>
public sealed record DecisionRequest(
    [property: Required, AllowedValues("grant", "refuse")] string? Decision, [property: JsonConverter(typeof(OffsetTimes))] DateTimeOffset? ExpiresAt = null, string? Reason = null);

/// <param name="State">granted or refused.</param>
public sealed record DecisionAnswer(string Id, [property: AllowedValues("granted", "refused")] string State);

/// <summary>Requests for permissions: asked by devices, decided by people.</summary>
internal static class PermissionRequestEndpoints
{
    public static void MapPermissionRequests(this IEndpointRouteBuilder api)
    {
        var requests = api.MapGroup("/qr/permissions/requests").WithTags("Permissions");
        requests.MapPost("", AskAsync).RequireAuthorization(Policies.Device).WithName("askPermissions").WithSummary("Ask for permissions, or to keep them longer")
            .WithDescription(
                "A device asks for itself; its owner or an admin decides, FULL_ACCESS and scopes that a policy names only an admin. While a request for a scope is open, asking again "
                + "changes nothing and gives the same answer. A scope that was refused can be asked for again after 24 hours. At most 24 new requests in 24 hours.")
            .Produces<ApiEnvelope<AskAnswer>>()
            .Problems(400, "invalid-request").Problems(409, "device-not-active")
            .WithMetadata(
                new ApiExample(
                    """{"permissions":[{"scope":"VIEW_TRANSCRIPT","expiresAt":"2030-01-08T00:00:00Z"}],"reason":"The visit takes longer."}""",
                    """{"success":true,"data":{"requests":[{"id":"01a20412f3127aedbf29a2c73242fdb1","scope":"VIEW_TRANSCRIPT","state":"open","expiresAt":"2030-01-08T00:00:00Z","reason":"The visit takes longer.","askedAt":"2030-01-01T08:00:00Z","decidedAt":null,"answer":null}]}}"""),
                ApiExample.Problem(409, "device-not-active", "The device is revoked, expired or quarantined."));
        requests.MapGet("", OwnAsync).RequireAuthorization(Policies.Device).WithName("listPermissionRequests").WithSummary("See what became of own requests")
            .WithDescription("A device sees its own, newest first, at most 50.")
            .Produces<ApiEnvelope<AskAnswer>>()
            .WithMetadata(new ApiExample(null, """
                {"success":true,"data":{"requests":[{"id":"01a20412f3127aedbf29a2c73242fdb1","scope":"VIEW_TRANSCRIPT","state":"refused","expiresAt":null,"reason":null,"askedAt":"2030-01-01T08:00:00Z","decidedAt":"2030-01-01T08:05:00Z","answer":"Ask again on Monday."}]}}
                """));
        requests.MapPost("/{id}/decision", DecideAsync).RequireAuthorization(Policies.SignedIn).WithName("decidePermissionRequest").WithSummary("Grant or refuse a device's request")
            .WithDescription("The owner or an admin, once: whoever decides second is told what the first did.")
            .Produces<ApiEnvelope<DecisionAnswer>>()
            .Problems(400, "invalid-request").Problems(404, "not-found").Problems(409, "request-already-decided", "device-not-active")
            .WithMetadata(
                new ApiExample(
                    """{"decision":"grant","expiresAt":"2030-01-08T00:00:00Z","reason":"Until the ward round is over."}""",
                    """{"success":true,"data":{"id":"01a20412f3127aedbf29a2c73242fdb1","state":"granted"}}"""),
                ApiExample.Problem(409, "request-already-decided", "Somebody else decided this request first."));
    }

    private static async Task<IResult> AskAsync(AskRequest request, HttpContext context, PermissionRequests requests, CancellationToken cancellationToken)
    {
        if (request.Permissions is null || request.Permissions.Contains(null))
        {
            return ApiResults.Invalid("Send permissions as a list of scopes.");
        }

        var wanted = request.Permissions.OfType<ScopeEntry>().Select(e => e.ToGrant()).ToList();
        return await requests.AskAsync(context.ToActor(), PairingOf(context), wanted, request.Reason, cancellationToken) switch
        {
            AskOutcome.Asked asked => ApiResults.Ok(Answer(asked.Scopes)),
            AskOutcome.Invalid invalid => ApiResults.Invalid(invalid.Message),
            AskOutcome.TooMany { RetryAfter: var wait } => ApiResults.TooMany(wait),
            _ => NotActive,
        };
    }

    private static async Task<IResult> OwnAsync(HttpContext context, PermissionRequests requests, CancellationToken cancellationToken) =>
        ApiResults.Ok(Answer(await requests.OfDeviceAsync(PairingOf(context), cancellationToken)));

    private static async Task<IResult> DecideAsync(
        string id, DecisionRequest request, HttpContext context, PermissionDecisions decisions, CancellationToken cancellationToken)
    {
        var actor = context.ToActor();
        switch (request.Decision)
        {
            case "grant":
                return Answer(id, RequestState.Granted, await decisions.GrantAsync(actor, id, request.ExpiresAt, request.Reason, cancellationToken));
            case "refuse":
                return Answer(id, RequestState.Refused, await decisions.RefuseAsync(actor, id, request.Reason, cancellationToken));
            default:
                return ApiResults.Invalid("decision must be grant or refuse.");
        }
    }

    private static IResult Answer(string id, string state, DecideOutcome outcome) => outcome switch
    {
        DecideOutcome.Done => ApiResults.Ok(new DecisionAnswer(id, state)),
        DecideOutcome.AlreadyDecided decided => ApiResults.Problem(
            409, "request-already-decided", "This request was decided already.", $"It was {decided.State}{(decided.By is null ? "" : $" by {decided.By}")}. Nothing was changed."),
        DecideOutcome.NotAllowed { NeedsAdmin: { } scope } => ApiResults.Forbidden(PolicyWords.NeedAdminByName([scope])),
        DecideOutcome.NotAllowed => ApiResults.Forbidden("Only the owner of the device or an admin decides its requests."),
        DecideOutcome.NotActive => NotActive,
        DecideOutcome.Invalid invalid => ApiResults.Invalid(invalid.Message),
        _ => ApiResults.NotFound("There is no such request among those that you may decide."),
    };

    private static AskAnswer Answer(IReadOnlyList<AskedScope> scopes) => new(
        [.. scopes.Select(s => new AskedPermission(s.Id, s.Scope, s.State, s.Until, s.Reason, s.AskedAt, s.DecidedAt, s.Answer))]);

    private static string PairingOf(HttpContext context) => context.User.FindFirstValue(Policies.DevicePairingClaim)!;

    private static IResult NotActive => ApiResults.Problem(
        409, "device-not-active", "The device is revoked, expired or quarantined.", "Pair the device again.");
}
