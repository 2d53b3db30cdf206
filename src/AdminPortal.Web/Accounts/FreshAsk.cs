using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;

namespace AdminPortal.Web.Accounts;

/// <summary>
/// A dialog's question whether it is really its person, for a <see cref="FreshSignInField"/>. Asked when the dialog opens, and again when it acts: what was
/// a fresh sign-in then may be too old now. A refusal leaves the dialog as it is, with the field.
/// </summary>
internal sealed class FreshAsk(FreshSignIn fresh)
{
    public FreshProof Proof { get; private set; }

    public FreshAnswer? Answer { get; set; }

    public bool IsComplete => FreshAnswer.IsComplete(Proof, Answer);

    public async Task ReadAsync(Actor actor) => Proof = await fresh.ProofAsync(actor, CancellationToken.None);

    /// <summary>Null: it is them. Otherwise why nothing is done.</summary>
    public async Task<string?> ConfirmAsync(Actor actor)
    {
        var refused = await fresh.ConfirmAsync(actor, Answer, CancellationToken.None) as FreshSignInOutcome.Refused;
        Answer = refused is null ? null : Answer;
        await ReadAsync(actor);
        return refused?.Message;
    }
}
