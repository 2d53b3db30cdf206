using AdminPortal.Core.Activity;
using AdminPortal.Core.Mail;
using AdminPortal.Data.Mail;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Mail;

/// <summary>The mail queue for admins: how mail goes, what waits or failed and why, send again, a test.</summary>
public sealed partial class MailPage
{
    [Inject] public required MailBoard Board { get; set; }

    [Inject] internal Messages Messages { get; set; } = null!;

    [Inject] internal OneAct Once { get; set; } = null!;

    protected override bool IsMoving => false;

    protected override async Task<View?> LoadAsync(Actor actor, CancellationToken cancellationToken) =>
        new(await Board.StandingAsync(cancellationToken), await Board.ListAsync(actor, cancellationToken));

    private static string Sentence(MailStanding standing) => standing switch
    {
        { Failed: > 0 } => $"{Mails(standing.Failed)} could not be sent{(standing.Waiting > 0 ? $", and {standing.Waiting:N0} wait" : "")}.",
        { Delayed: > 0 } => $"{Mails(standing.Delayed)} could not be sent yet and will be tried again.",
        { Waiting: > 0 } => $"{Mails(standing.Waiting)} wait to be sent.",
        _ => "All mail was sent.",
    };

    private static string Mails(int count) => count == 1 ? "1 mail" : $"{count:N0} mails";

    private static string Times(int tries) => tries == 1 ? "once" : $"{tries} times";

    private static string Word(MailRow mail) => mail.State switch
    {
        MailState.Waiting => mail.LastError is null ? "Waiting" : "Delayed",
        MailState.Sent => "Sent",
        MailState.Failed => "Failed",
        _ => "Not needed",
    };

    private static Tone ToneOf(MailRow mail) => mail.State switch
    {
        MailState.Failed => Tone.Bad,
        MailState.Waiting => Tone.Notice,
        _ => Tone.Good,
    };

    private async Task SendAgainAsync(long? id)
    {
        await Once.RunAsync(async () =>
            Messages.Done(await Board.SendAgainAsync(Actor!, id, Life) is > 0 and var count ? $"{Mails(count)} will be sent now." : "Nothing was left to send."));
        await ReloadAsync();
    }

    private Task TestAsync() => Once.RunAsync(async () =>
    {
        if (await Board.TestAsync(Actor!, Actor!.Name!, Life) is { } error)
        {
            Messages.Warn($"The test mail could not be sent. The server's answer: “{error}”");
        }
        else
        {
            Messages.Done($"The mail server took a test mail to {Actor.Name}.");
        }
    });

    public sealed record View(MailStanding Standing, IReadOnlyList<MailRow> Mails);
}
