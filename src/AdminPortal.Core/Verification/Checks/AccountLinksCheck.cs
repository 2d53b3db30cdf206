using AdminPortal.Core.Accounts;
using AdminPortal.Core.Targets;

namespace AdminPortal.Core.Verification.Checks;

/// <summary>Accounts whose person the host removed, gave another id, or whose id it gave to somebody else.</summary>
internal sealed class AccountLinksCheck(AccountLinks links) : VerificationCheck
{
    public override string Id => "account-links";

    public override string Title => "Every account stands for the person whom it was linked to";

    public override string Expected => "The person, with the id and the time of making that the link was made with.";

    public override CheckSeverity Severity => CheckSeverity.Warning;

    public override async Task<IReadOnlyList<Finding>> LookAsync(CheckedTarget target, CancellationToken cancellationToken)
    {
        if (target.PortalUrl is null)
        {
            return []; // accounts are linked to people of the primary target
        }

        try
        {
            return
            [
                .. from lost in await links.LostAsync(cancellationToken)
                   select new Finding(CheckSeverity.Warning, lost.Email, Expected, lost.Words, "Link the account to the right person under Accounts, or disable it: that revokes the devices that it paired."),
            ];
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception))
        {
            return []; // not migrated, which other checks tell
        }
    }
}
