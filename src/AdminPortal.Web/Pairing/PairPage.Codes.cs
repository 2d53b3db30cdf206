using AdminPortal.Core.Pairing;
using AdminPortal.Core.Policies;
using AdminPortal.Core.Targets;

namespace AdminPortal.Web.Pairing;

/// <summary>The life of the codes that the page shows: made, counted down, replaced, taken back.</summary>
public sealed partial class PairPage
{
    private async Task NewCodeAsync()
    {
        switch (await Codes.CreateAsync(actor!, request!, life))
        {
            case CreateCodeOutcome.Created created:
                code = created.Code;
                shown.Add(code.SessionId);
                shownAt = Time.GetUtcNow();
                remaining = Options.Value.CodeSeconds;
                view = PairView.Showing;
                announcement = $"A code is shown. It can be used for {Options.Value.CodeSeconds} seconds.";
                break;
            case CreateCodeOutcome.Invalid invalid:
                Refuse(invalid.Message);
                break;
            case CreateCodeOutcome.NotAllowed refused:
                Refuse(refused.NeedAdmin is { } scopes ? PolicyWords.NeedAdmin(scopes) : "Your account may not pair devices.");
                break;
            case CreateCodeOutcome.TooMany wait:
                Refuse($"You made many codes within a minute. Try again in {Math.Ceiling(wait.RetryAfter.TotalSeconds):0} seconds.");
                break;
            default:
                view = PairView.NotLinked;
                break;
        }
    }

    private void Refuse(string message)
    {
        problem = message;
        view = PairView.Choosing;
    }

    /// <summary>Counts down, and replaces a code that ran out, a limited number of times.</summary>
    private async Task TickAsync()
    {
        if (view != PairView.Showing || busy || life.IsCancellationRequested)
        {
            return;
        }

        remaining = Math.Max(0, Options.Value.CodeSeconds - (int)(Time.GetUtcNow() - shownAt).TotalSeconds);
        if (remaining == 0 && renewals < Options.Value.Renewals)
        {
            renewals++;
            await OnceAsync(NewCodeAsync);
        }

        StateHasChanged();
    }

    private Task RenewByHandAsync() => OnceAsync(() =>
    {
        renewals = 0;
        return NewCodeAsync();
    });

    /// <summary>Takes unused codes back. A device that claimed one in the meantime is left to the question.</summary>
    private async Task WithdrawAsync()
    {
        foreach (var sessionId in Enumerable.Reverse(shown).Take(2))
        {
            try
            {
                if (await Confirmation.FindAsync(actor!, sessionId, CancellationToken.None) is { Stage: PairingStage.Open })
                {
                    await Confirmation.RefuseAsync(actor!, sessionId, CancellationToken.None);
                }
            }
            catch (Exception exception) when (TargetAvailability.CannotServe(exception))
            {
                return; // the code runs out by itself
            }
        }
    }
}
