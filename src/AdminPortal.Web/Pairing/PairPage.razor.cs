using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Pairing;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Policies;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Pairing;

/// <summary>
/// The user's side of a pairing, live from the choice to the paired device. A reload in the middle comes back to the
/// question; a closed page takes its unused code back.
/// </summary>
public sealed partial class PairPage : IAsyncDisposable
{
    private readonly CancellationTokenSource closing = new();
    private readonly CancellationToken life;
    private readonly List<string> shown = []; // a code may be scanned in the very second in which the next one replaces it
    private PairView view = PairView.Loading;
    private Actor? actor;
    private IReadOnlyList<ScopeGrant> lastChoice = [];
    private HeldPolicies policies = HeldPolicies.None;
    private CodeRequest? request;
    private PairingCode? code;
    private PairingStatus? status;
    private PairingFailure? failure;
    private TargetAvailability? unavailable;
    private DateTimeOffset shownAt;
    private int remaining;
    private int renewals;
    private bool busy;
    private string? problem;
    private string announcement = "";
    private IDisposable? subscription;
    private ITimer? timer;

    /// <summary>The token is kept, because acts that are under way ask for it when the page is gone already.</summary>
    public PairPage() => life = closing.Token;

    [Inject] public required PairingCodes Codes { get; set; }

    [Inject] public required PairingConfirmation Confirmation { get; set; }

    [Inject] public required DeviceChanges Changes { get; set; }

    [Inject] public required DeviceDatabases Databases { get; set; }

    [Inject] public required IOptions<PairingOptions> Options { get; set; }

    [Inject] public required IOptions<PortalOptions> Portal { get; set; }

    [Inject] public required TimeProvider Time { get; set; }

    [Inject] internal CurrentActor Visitor { get; set; } = null!;

    private bool IsLoopback => Uri.TryCreate(Portal.Value.PublicUrl, UriKind.Absolute, out var url) && url.IsLoopback;

    private int Step => view switch
    {
        PairView.Showing => 2,
        PairView.Confirming => 3,
        PairView.Finishing or PairView.Done => 4,
        _ => 1,
    };

    public async ValueTask DisposeAsync()
    {
        subscription?.Dispose();
        if (timer is not null)
        {
            await timer.DisposeAsync();
        }

        await closing.CancelAsync();
        if (view == PairView.Showing)
        {
            await WithdrawAsync();
        }

        closing.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        actor = await Visitor.GetAsync();
        if (!RendererInfo.IsInteractive)
        {
            return; // the prerendered page shows its frame; the circuit reads
        }

        subscription = Changes.Subscribe(change =>
        {
            if (change.Concerns(actor.UserId))
            {
                _ = InvokeAsync(() => GuardAsync(FollowAsync));
            }
        });
        timer = Time.CreateTimer(state => _ = InvokeAsync(TickAsync), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        await StartAsync();
    }

    /// <summary>To the choice; or, where a device is waiting already, to the question.</summary>
    private Task StartAsync() => GuardAsync(async () =>
    {
        (view, code, status, failure, problem, renewals) = (PairView.Loading, null, null, null, null, 0);
        shown.Clear();
        if (actor?.UserId is null)
        {
            view = PairView.NotLinked;
            return;
        }

        lastChoice = await Codes.LastChoiceAsync(actor.UserId, life);
        policies = await Codes.PoliciesAsync(actor.UserId, life);
        if (await Confirmation.FindWaitingAsync(actor, life) is { } waiting)
        {
            shown.Add(waiting.SessionId);
            Show(waiting);
        }
        else
        {
            view = PairView.Choosing;
        }
    });

    private Task ShowCodeAsync(CodeRequest chosen)
    {
        request = chosen;
        renewals = 0;
        return GuardAsync(NewCodeAsync);
    }

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
            await GuardAsync(NewCodeAsync);
        }

        StateHasChanged();
    }

    private Task RenewByHandAsync()
    {
        renewals = 0;
        return GuardAsync(NewCodeAsync);
    }

    private Task CancelAsync() => GuardAsync(async () =>
    {
        view = PairView.Loading; // or the announcement of the withdrawal would show as a failure
        await WithdrawAsync();
        await StartAsync();
    });

    /// <summary>Something changed: looks whether one of this page's codes went on.</summary>
    private async Task FollowAsync()
    {
        if (actor is null || view is not (PairView.Showing or PairView.Confirming or PairView.Finishing))
        {
            return;
        }

        foreach (var sessionId in Enumerable.Reverse(shown).Take(2))
        {
            if (await Confirmation.FindAsync(actor, sessionId, life) is { Stage: not (PairingStage.Open or PairingStage.Expired) } found
                && shown.Contains(sessionId))
            {
                Show(found);
                return;
            }
        }
    }

    private void Show(PairingStatus found)
    {
        status = found;
        view = found.Stage switch
        {
            PairingStage.Claimed => PairView.Confirming,
            PairingStage.Confirmed => PairView.Finishing,
            PairingStage.Collected => PairView.Done,
            _ => PairView.Failed,
        };
        failure = view == PairView.Failed ? PairingFailure.Of(found) : null;
        announcement = view switch
        {
            PairView.Confirming => "A device used the code. Type the number that it shows.",
            PairView.Done => "The device is paired.",
            PairView.Failed => failure!.Title,
            _ => "",
        };
    }

    private Task ConfirmAsync(string number) => AnswerAsync(id => Confirmation.ConfirmAsync(actor!, id, number, life));

    private Task RefuseAsync() => AnswerAsync(id => Confirmation.RefuseAsync(actor!, id, life));

    private Task AnswerAsync(Func<string, Task<ConfirmOutcome>> answer) => GuardAsync(async () =>
    {
        var sessionId = status!.SessionId;
        await answer(sessionId);
        if (await Confirmation.FindAsync(actor!, sessionId, life) is { } after)
        {
            Show(after);
        }
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
            catch (Exception exception) when (TargetAvailability.IsOutage(exception))
            {
                return; // the code runs out by itself
            }
        }
    }

    /// <summary>One act at a time; a database that is away becomes a state of the page.</summary>
    private async Task GuardAsync(Func<Task> act)
    {
        if (life.IsCancellationRequested)
        {
            return;
        }

        busy = true;
        try
        {
            await act();
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception))
        {
            unavailable = await TargetAvailability.CheckAsync(Databases, Databases.PrimaryName, CancellationToken.None);
            view = PairView.Unavailable;
        }
        finally
        {
            busy = false;
        }

        StateHasChanged();
    }
}
