using AdminPortal.Core.Pairing;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Pairing;

/// <summary>The problem types of pairing; the one place where its outcomes become answers.</summary>
internal static class PairingProblems
{
    public static IResult CodeExpired => ApiResults.Problem(410, "code-expired", "The code has expired.", "Ask for a new one in the portal.");

    public static IResult CodeBurnt => ApiResults.Problem(410, "code-burnt", "The code was blocked.", "Too many wrong tries were made, or it was seen on two devices. Ask for a new one in the portal.");

    public static IResult CodeUsed => ApiResults.Problem(409, "code-used", "The code was used already.", "Ask for a new one in the portal.");

    /// <param name="reason">One of <see cref="PairingEnds"/>; programs find it beside the words.</param>
    public static IResult Refused(string? reason)
    {
        var (title, detail) = reason switch
        {
            PairingEnds.WrongNumber => ("The number typed in the portal was not the one of this device.", "Nothing was paired. Make a new code, and type the number exactly as it is shown."),
            PairingEnds.Withdrawn => ("The code was taken back in the portal.", "Ask for a new one there."),
            PairingEnds.AccountDisabled => ("This account may not pair the device any more.", "Ask an administrator if it stays like this."),
            _ => ("The pairing was refused in the portal.", "Ask for a new code if that was a mistake."),
        };
        return ApiProblem.Result(403, "pairing-refused", title, detail, extensions: new() { ["reason"] = reason });
    }

    public static IResult BelongsToAnother => ApiResults.Problem(
        409, "device-belongs-to-another", "This device is paired with another person.", "That person has to revoke it first, under My devices.");

    public static IResult Quarantined => ApiResults.Problem(
        409, "device-quarantined", "This device is under quarantine.", "An admin has to release it, or revoke it, first.");

    public static IResult LimitReached => ApiResults.Problem(
        409, "device-limit-reached", "This person has as many devices as are allowed.", "Revoke one that is no longer needed, under My devices, then make a new code.");

    public static IResult TypeNotAllowed => ApiResults.Problem(
        403, "device-type-not-allowed", "Devices of this type cannot be paired here.", "A policy of this portal allows other types only. Ask an admin.");

    public static IResult From(ClaimOutcome outcome) => outcome switch
    {
        ClaimOutcome.Invalid invalid => ApiResults.Invalid(invalid.Message),
        ClaimOutcome.CodeWrong => ApiResults.Problem(403, "code-wrong", "The code is not right.", "Scan or type it again."),
        ClaimOutcome.CodeExpired => CodeExpired,
        ClaimOutcome.CodeBurnt => CodeBurnt,
        ClaimOutcome.CodeUsed => CodeUsed,
        ClaimOutcome.Refused refused => Refused(refused.Reason),
        ClaimOutcome.DeviceBelongsToAnother => BelongsToAnother,
        ClaimOutcome.DeviceQuarantined => Quarantined,
        ClaimOutcome.DeviceLimitReached => LimitReached,
        ClaimOutcome.DeviceTypeNotAllowed => TypeNotAllowed,
        ClaimOutcome.TooMany { RetryAfter: var wait } => ApiResults.TooMany(wait),
        _ => throw new InvalidOperationException($"{outcome.GetType().Name} is not a failure."),
    };

    public static IResult From(CollectOutcome outcome, HttpContext context)
    {
        switch (outcome)
        {
            case CollectOutcome.Unknown:
                context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
                return ApiResults.Problem(401, "token-unknown", "No pairing waits for this poll token.", "Claim a new code.");
            case CollectOutcome.AlreadyCollected:
                return ApiResults.Problem(410, "code-used", "The token was collected already and is not told twice.", "Pair the device again if it was lost.");
            case CollectOutcome.TooMany { RetryAfter: var wait }:
                return ApiResults.TooMany(wait);
            default:
                return outcome switch
                {
                    CollectOutcome.Refused refused => Refused(refused.Reason),
                    CollectOutcome.Expired => CodeExpired,
                    CollectOutcome.Burnt => CodeBurnt,
                    CollectOutcome.DeviceBelongsToAnother => BelongsToAnother,
                    CollectOutcome.DeviceQuarantined => Quarantined,
                    CollectOutcome.DeviceLimitReached => LimitReached,
                    CollectOutcome.DeviceTypeNotAllowed => TypeNotAllowed,
                    _ => throw new InvalidOperationException($"{outcome.GetType().Name} is not a failure."),
                };
        }
    }
}
