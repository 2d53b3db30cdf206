using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Accounts;

/// <summary>One's own second factor: set up, recovery codes, turned off.</summary>
public sealed partial class YourFactorPage
{
    private AccountRow? row;
    private SecondFactorSetup? setup;
    private IReadOnlyList<string>? codes;
    private string? problem;
    private int left;
    private bool done;
    private FreshProof proof;

    [Inject] public required AccountDirectory Directory { get; set; }

    [Inject] public required SecondFactors Factors { get; set; }

    [Inject] public required FreshSignIn Fresh { get; set; }

    [Inject] public required AccountSessions Sessions { get; set; }

    [CascadingParameter] public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromForm] public SecondFactorInput Input { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        Input ??= new SecondFactorInput();
        await ReadAsync(HttpContext.ToActor());
    }

    private async Task SetUpAsync()
    {
        var actor = HttpContext.ToActor();
        if (await Fresh.ConfirmAsync(actor, new FreshAnswer(Input.Password), HttpContext.RequestAborted, always: true) is FreshSignInOutcome.Refused refused)
        {
            problem = refused.Message;
            return;
        }

        Take(await Factors.EnableAsync(actor, actor.Id, Input.Code, HttpContext.RequestAborted));
        if (codes is not null)
        {
            await HttpContext.StartSessionAsync(Sessions, actor.Id, continues: true); // the change has ended all there were
        }
    }

    private async Task RenewAsync() => Take(await Factors.RenewRecoveryCodesAsync(HttpContext.ToActor(), Input.Code, HttpContext.RequestAborted));

    private async Task TurnOffAsync()
    {
        var actor = HttpContext.ToActor();
        var outcome = await Factors.DisableAsync(actor, Input.Code, HttpContext.RequestAborted);
        problem = (outcome as SecondFactorOutcome.Refused)?.Message;
        if (outcome is SecondFactorOutcome.Done)
        {
            done = true;
            await HttpContext.StartSessionAsync(Sessions, actor.Id, continues: true);
            await ReadAsync(actor);
        }
    }

    private void Take(SecondFactorOutcome outcome)
    {
        problem = (outcome as SecondFactorOutcome.Refused)?.Message;
        codes = (outcome as SecondFactorOutcome.Done)?.RecoveryCodes;
    }

    private async Task ReadAsync(Actor actor)
    {
        row = await Directory.FindAsync(actor, actor.Id, HttpContext.RequestAborted);
        setup = await Factors.BeginAsync(actor.Id);
        proof = setup is null ? FreshProof.Nothing : await Fresh.ProofAsync(actor, HttpContext.RequestAborted, always: true);
        left = await Factors.RecoveryCodesLeftAsync(actor.Id);
    }
}
