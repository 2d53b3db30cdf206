using AdminPortal.Core.Pairing;
using AdminPortal.Core.Permissions;
using AdminPortal.Web.ApiDescription;
using AdminPortal.Web.Hosting;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Pairing;

/// <summary>The device's side of pairing: look at a code, claim it, collect the token.</summary>
internal static class PairEndpoints
{
    private const int PollIntervalSeconds = 2;
    private const string Bearer = "Bearer ";

    public static void MapPairing(this IEndpointRouteBuilder api)
    {
        var pair = api.MapGroup("/qr/pair").AllowAnonymous().WithTags("Pairing: the device's side");
        pair.MapPost("", ClaimAsync).WithName("claimCode").WithSummary("Claim a code")
            .WithDescription("202: show matchNumber and poll. Repeating the call with the same claimKey gives the same answer.")
            .Produces<ApiEnvelope<PendingAnswer>>(202).Produces<ApiEnvelope<PairedAnswer>>(201)
            .Problems(400, "invalid-request").Problems(403, "code-wrong", "pairing-refused", "device-type-not-allowed").Problems(409, "code-used", "device-belongs-to-another", "device-quarantined", "device-limit-reached").Problems(410, "code-expired", "code-burnt").Problems(429, "too-many-requests")
            .WithMetadata(PairingExamples.Claim);
        pair.MapPost("/preview", PreviewAsync).WithName("previewCode").WithSummary("See whose code it is and what it would allow")
            .WithDescription("Claims nothing. The body is that of a claim; deviceId and deviceType are not needed.")
            .Produces<ApiEnvelope<PreviewAnswer>>()
            .Problems(400, "invalid-request").Problems(403, "code-wrong", "pairing-refused", "device-type-not-allowed").Problems(409, "code-used", "device-belongs-to-another", "device-quarantined", "device-limit-reached").Problems(410, "code-expired", "code-burnt").Problems(429, "too-many-requests")
            .WithMetadata(PairingExamples.Preview);
        pair.MapGet("/{id}", CollectAsync).WithMetadata(new ApiBearer(ApiSecurity.PollToken)).WithName("collectToken").WithSummary("Collect the token")
            .WithDescription("id is the sessionId; Authorization: Bearer and the pollToken. 202 until the user has confirmed.")
            .Produces<ApiEnvelope<PairedAnswer>>().Produces<ApiEnvelope<WaitingAnswer>>(202)
            .Problems(401, "token-unknown").Problems(403, "pairing-refused", "device-type-not-allowed").Problems(409, "device-belongs-to-another", "device-quarantined", "device-limit-reached").Problems(410, "code-used", "code-expired", "code-burnt").Problems(429, "too-many-requests")
            .WithMetadata(PairingExamples.Collect);
    }

    private static async Task<IResult> ClaimAsync(
        PairRequest request, HttpContext context, PairingClaims claims, IOptions<Core.Targets.PortalOptions> portal, CancellationToken cancellationToken)
    {
        switch (await claims.ClaimAsync(Claim(request, context), cancellationToken))
        {
            case ClaimOutcome.PendingConfirmation pending:
                var pollUrl = $"{portal.Value.PublicUrl.TrimEnd('/')}/api/qr/pair/{pending.SessionId}";
                return ApiResults.Ok(
                    new PendingAnswer("pending_confirmation", pending.SessionId, pending.MatchNumber, pollUrl, pending.PollToken, PollIntervalSeconds, pending.ExpiresAt),
                    StatusCodes.Status202Accepted);
            case ClaimOutcome.Paired { Device: var device }:
                return ApiResults.Ok(PairedAnswer.From(device), StatusCodes.Status201Created);
            case var failure:
                return PairingProblems.From(failure);
        }
    }

    private static async Task<IResult> PreviewAsync(PairRequest request, HttpContext context, PairingClaims claims, CancellationToken cancellationToken) =>
        await claims.PreviewAsync(Claim(request, context), cancellationToken) switch
        {
            PreviewOutcome.Found { Preview: var found } => ApiResults.Ok(new PreviewAnswer(
                found.Account,
                [.. found.Scopes.Select(s => new PreviewScope(s.Scope, ScopeLabels.Of(s.Scope), s.ExpiresAt))],
                found.DeviceType, found.ExpiresAt, found.PairingDays)),
            PreviewOutcome.Failed { Reason: var reason } => PairingProblems.From(reason),
            _ => throw new InvalidOperationException("A preview is found or failed."),
        };

    private static async Task<IResult> CollectAsync(string id, HttpContext context, PairingCollection collection, CancellationToken cancellationToken)
    {
        var header = context.Request.Headers.Authorization.ToString();
        var pollToken = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : "";
        return await collection.CollectAsync(id, pollToken, context.RemoteAddress(), cancellationToken) switch
        {
            CollectOutcome.Paired { Device: var device } => ApiResults.Ok(PairedAnswer.From(device)),
            CollectOutcome.Pending pending => ApiResults.Ok(
                new WaitingAnswer("pending_confirmation", PollIntervalSeconds, pending.ExpiresAt), StatusCodes.Status202Accepted),
            var failure => PairingProblems.From(failure, context),
        };
    }

    private static ClaimRequest Claim(PairRequest request, HttpContext context) =>
        request.ToClaim(context.RemoteAddress(), context.Request.Headers.UserAgent.ToString());
}
