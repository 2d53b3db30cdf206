using AdminPortal.Core.Pairing;

namespace AdminPortal.Web.Pairing;

/// <summary>Why a pairing ended without a device: the exact cause, and the one thing to do.</summary>
internal sealed record PairingFailure(string Title, string Explanation, string Remedy)
{
    public static PairingFailure Of(PairingStatus status) => (status.Stage, status.EndReason) switch
    {
        (PairingStage.Expired, _) => new("The device was not confirmed in time", "A device used the code, and nobody typed its number within ten minutes. It got no access.", "Make a new code and keep this page open until the device is paired."),
        (_, PairingEnds.WrongNumber) => new("The number was not the one on the device", "To be safe the pairing was stopped. The device got no access.", "Make a new code, and type the two digits exactly as your own device shows them."),
        (_, PairingEnds.Leaked) => new("The code was used by a second device", "Somebody else saw or received this code. The pairing was blocked, and neither device got access.", "Make a new code where nobody else can see your screen."),
        (_, PairingEnds.TooManyMisses) => new("The code was blocked after too many wrong tries", "Somebody sent wrong secrets for this code five times. No device got access.", "Make a new code. If this happens again, tell your administrator."),
        (_, PairingEnds.DeviceBelongsToAnother) => new("This device is paired with another person", "A device can be paired with one person at a time. It got no access to your account.", "Ask that person, or an administrator, to end their pairing of it. Then make a new code."),
        (_, PairingEnds.DeviceQuarantined) => new("This device is quarantined", "It was reported lost or suspicious.", "Ask an administrator to release it, or to revoke it. Then make a new code."),
        (_, PairingEnds.DeviceLimitReached) => new("You have as many devices as are allowed", "A policy of this portal limits how many of your devices can be active at a time. The device got no access.", "Revoke a device that you no longer need under My devices. Then make a new code."),
        (_, PairingEnds.DeviceTypeNotAllowed) => new("Devices of this type cannot be paired here", "A policy of this portal allows other types only. The device got no access.", "Use a device of another type, or ask your administrator."),
        (_, PairingEnds.AccountDisabled) => new("Your account may not pair this device", "The account was changed or disabled since the code was made. The device got no access.", "Sign in again. If it stays like this, ask your administrator."),
        (_, PairingEnds.Withdrawn) => new("The code was taken back", "It was cancelled, here or in another window. No device got access.", "Make a new code."),
        _ => new("You refused the device", "It got no access.", "Make a new code to pair another device. If you did not expect any device, somebody saw your code."),
    };
}
