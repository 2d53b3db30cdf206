using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Pairing;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Policies;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Microsoft.JSInterop;

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
    private bool isHere;
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

    [Inject] public required IJSRuntime Script { get; set; }

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
    private Task StartAsync() => OnceAsync(BeginAsync);

    private async Task BeginAsync()
    {
        (view, code, status, failure, problem, renewals, isHere) = (PairView.Loading, null, null, null, null, 0, false);
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
    }

    private Task ShowCodeAsync(CodeRequest chosen) => OnceAsync(() =>
    {
        (request, renewals) = (chosen, 0);
        return NewCodeAsync();
    });

    /// <summary>Makes a code, has this browser claim it, and confirms the number that it got: nobody has to carry it.</summary>
    private Task PairHereAsync(CodeRequest chosen) => OnceAsync(async () =>
    {
        request = chosen;
        await NewCodeAsync();
        if (view != PairView.Showing)
        {
            return;
        }

        (view, isHere) = (PairView.Here, true);
        StateHasChanged();
        var refused = await ClaimHereAsync(code!, chosen.DeviceName);
        if (await Confirmation.FindAsync(actor!, code!.SessionId, life) is { Stage: PairingStage.Collected or PairingStage.Refused or PairingStage.Burnt } after)
        {
            Show(after);
        }
        else
        {
            await WithdrawAsync();
            Refuse(refused ?? "This browser could not be paired. Try again.");
        }
    });

    /// <summary>Null: the browser has its access; else why not.</summary>
    private async Task<string?> ClaimHereAsync(PairingCode made, string? name)
    {
        try
        {
            await using var browser = await Script.InvokeAsync<IJSObjectReference>("import", life, "/pair-here.js");
            var claimed = await browser.InvokeAsync<HereClaim>("claim", life, new { made.QrPayload.SessionId, made.QrPayload.PairingCode }, name);
            if (claimed.MatchNumber is not { } number)
            {
                return claimed.Problem;
            }

            await Confirmation.ConfirmAsync(actor!, made.SessionId, number, life);
            return await browser.InvokeAsync<string?>("collect", life, made.SessionId, claimed.PollToken);
        }
        catch (JSException)
        {
            return "This browser did not do it. Load the page again, then try again.";
        }
    }

    private Task CancelAsync() => OnceAsync(async () =>
    {
        view = PairView.Loading; // or the announcement of the withdrawal would show as a failure
        await WithdrawAsync();
        await BeginAsync();
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

    private Task AnswerAsync(Func<string, Task<ConfirmOutcome>> answer) => OnceAsync(async () =>
    {
        var sessionId = status!.SessionId;
        await answer(sessionId);
        if (await Confirmation.FindAsync(actor!, sessionId, life) is { } after)
        {
            Show(after);
        }
    });

    /// <summary>What this browser got for its claim.</summary>
    /// <param name="Problem">Why it got nothing.</param>
    private sealed record HereClaim(string? MatchNumber, string? PollToken, string? Problem);

    /// <summary>One act at a time: the second click of a double click does nothing.</summary>
    private async Task OnceAsync(Func<Task> act)
    {
        if (busy)
        {
            return;
        }

        busy = true;
        try
        {
            await GuardAsync(act);
        }
        finally
        {
            busy = false;
        }

        StateHasChanged();
    }

    /// <summary>A database that is away becomes a state of the page.</summary>
    private async Task GuardAsync(Func<Task> act)
    {
        if (life.IsCancellationRequested)
        {
            return;
        }

        try
        {
            await act();
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception))
        {
            unavailable = await TargetAvailability.AfterAsync(exception, Databases, Databases.PrimaryName, CancellationToken.None);
            view = PairView.Unavailable;
        }

        StateHasChanged();
    }
}
