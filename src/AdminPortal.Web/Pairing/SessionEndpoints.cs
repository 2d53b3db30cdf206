using AdminPortal.Core.Pairing;
using AdminPortal.Core.Policies;
using AdminPortal.Web.ApiDescription;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Permissions;

namespace AdminPortal.Web.Pairing;

/// <summary>The user's side of pairing for programs: make a code, watch it, confirm or refuse.</summary>
internal static class SessionEndpoints
{
    public static void MapPairingSessions(this IEndpointRouteBuilder api)
    {
        var sessions = api.MapGroup("/qr/sessions").RequireAuthorization(Policies.SignedIn).WithTags("Pairing: the user's side");
        sessions.MapPost("", CreateAsync).WithName("createPairingSession").WithSummary("Make a pairing code")
            .Produces<ApiEnvelope<SessionAnswer>>(201)
            .Problems(400, "invalid-request").Problems(403, "forbidden", "account-not-linked").Problems(429, "too-many-requests")
            .WithMetadata(PairingExamples.CreateSession);
        sessions.MapGet("/{id}", StatusAsync).WithName("getPairingSession").WithSummary("See how far a pairing is")
            .Produces<ApiEnvelope<SessionStatusAnswer>>()
            .Problems(404, "not-found")
            .WithMetadata(PairingExamples.SessionStatus);
        sessions.MapPost("/{id}/confirm", ConfirmAsync).WithName("confirmPairing").WithSummary("Confirm the device with the number that it shows")
            .WithDescription("A wrong number ends the session.")
            .Produces<ApiEnvelope<SessionStatusAnswer>>()
            .Problems(400, "invalid-request").Problems(403, "forbidden", "pairing-refused").Problems(404, "not-found").Problems(409, "code-not-claimed", "code-used").Problems(410, "code-expired", "code-burnt")
            .WithMetadata(PairingExamples.Confirm);
        sessions.MapPost("/{id}/refuse", RefuseAsync).WithName("refusePairing").WithSummary("Refuse the device, or withdraw the code")
            .Produces<ApiEnvelope<SessionStatusAnswer>>()
            .Problems(403, "forbidden", "pairing-refused").Problems(404, "not-found").Problems(409, "code-used", "code-not-claimed").Problems(410, "code-expired", "code-burnt")
            .WithMetadata(PairingExamples.Refuse);
    }

    private static async Task<IResult> CreateAsync(SessionRequest request, HttpContext context, PairingCodes codes, CancellationToken cancellationToken)
    {
        if (request.Permissions is null || request.Permissions.Contains(null))
        {
            return ApiResults.Invalid("Send permissions as a list of scopes.");
        }

        var wanted = new CodeRequest(
            [.. request.Permissions.OfType<ScopeEntry>().Select(p => p.ToGrant())], request.DeviceType, request.DeviceName, request.PairingDays);
        return await codes.CreateAsync(context.ToActor(), wanted, cancellationToken) switch
        {
            CreateCodeOutcome.Created { Code: var code } => ApiResults.Ok(
                new SessionAnswer(code.SessionId, code.Url, code.QrPayload, code.ShortCode, code.ExpiresAt, code.Svg), StatusCodes.Status201Created),
            CreateCodeOutcome.Invalid invalid => ApiResults.Invalid(invalid.Message),
            CreateCodeOutcome.NotAllowed { NeedAdmin: { } scopes } => ApiResults.Forbidden(PolicyWords.NeedAdminByName(scopes)),
            CreateCodeOutcome.NotAllowed => ApiResults.Forbidden("A device cannot make codes."),
            CreateCodeOutcome.TooMany { RetryAfter: var wait } => ApiResults.TooMany(wait),
            _ => ApiResults.Problem(403, "account-not-linked", "This account is not linked to a person whose devices could be paired.", "An admin links it on the Accounts page."),
        };
    }

    private static async Task<IResult> StatusAsync(string id, HttpContext context, PairingConfirmation confirmation, CancellationToken cancellationToken) =>
        await confirmation.FindAsync(context.ToActor(), id, cancellationToken) is { } status ? Answer(status) : NoSuchSession;

    private static async Task<IResult> ConfirmAsync(
        string id, ConfirmRequest request, HttpContext context, PairingConfirmation confirmation, CancellationToken cancellationToken)
    {
        if (request.MatchNumber is not { Length: > 0 and <= 8 } number)
        {
            return ApiResults.Invalid("Send matchNumber: the two digits that the device shows.");
        }

        return Answer(await confirmation.ConfirmAsync(context.ToActor(), id, number, cancellationToken));
    }

    private static async Task<IResult> RefuseAsync(string id, HttpContext context, PairingConfirmation confirmation, CancellationToken cancellationToken) =>
        Answer(await confirmation.RefuseAsync(context.ToActor(), id, cancellationToken));

    private static IResult Answer(ConfirmOutcome outcome) => outcome switch
    {
        ConfirmOutcome.Done { Status: var status } => Answer(status),
        ConfirmOutcome.WrongNumber => ApiResults.Problem(403, "pairing-refused", "The number is not the one that the device shows.", "The pairing is over. Make a new code."),
        ConfirmOutcome.NotAllowed => ApiResults.Problem(403, "pairing-refused", "This account may not grant what the code asks.", "The pairing is over."),
        ConfirmOutcome.Ended { Status.Stage: PairingStage.Open } => ApiResults.Problem(409, "code-not-claimed", "No device has used this code yet.", "Scan it first."),
        ConfirmOutcome.Ended { Status.Stage: PairingStage.Expired } => PairingProblems.CodeExpired,
        ConfirmOutcome.Ended { Status.Stage: PairingStage.Burnt } => PairingProblems.CodeBurnt,
        ConfirmOutcome.Ended { Status: { Stage: PairingStage.Refused } status } => PairingProblems.Refused(status.EndReason),
        ConfirmOutcome.Ended => PairingProblems.CodeUsed,
        _ => NoSuchSession,
    };

    private static IResult Answer(PairingStatus status) => ApiResults.Ok(new SessionStatusAnswer(
        status.Stage.ToString().ToLowerInvariant(), status.Device, status.ExpiresAt, status.EndReason));

    private static IResult NoSuchSession => ApiResults.NotFound("There is no such pairing session of yours.");
}
