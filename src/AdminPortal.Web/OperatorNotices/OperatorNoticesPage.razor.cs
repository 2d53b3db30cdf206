using AdminPortal.Core.Activity;
using AdminPortal.Core.OperatorNotices;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.OperatorNotices;

/// <summary>What an operator is told of; for admins also the webhook calls that wait or failed.</summary>
public sealed partial class OperatorNoticesPage
{
    private HashSet<OperatorTopic>? draft;

    [Inject] public required OperatorChoices Choices { get; set; }

    [Inject] public required WebhookBoard Webhook { get; set; }

    [Inject] internal Messages Messages { get; set; } = null!;

    [Inject] internal OneAct Once { get; set; } = null!;

    protected override bool IsMoving => false;

    private IReadOnlyCollection<OperatorTopic> Saved => State.Value?.Topics ?? [];

    private IReadOnlyCollection<OperatorTopic> Draft => draft ?? Saved;

    private int Changed => Enum.GetValues<OperatorTopic>().Count(topic => Draft.Contains(topic) != Saved.Contains(topic));

    protected override async Task<View?> LoadAsync(Actor actor, CancellationToken cancellationToken) => new(
        await Choices.FindAsync(actor, cancellationToken),
        await Webhook.ReadAsync(actor, cancellationToken));

    internal static string Words(OperatorTopic topic) => topic switch
    {
        OperatorTopic.Jobs => "a job fails",
        OperatorTopic.Backups => "a backup, its proof or a restore fails",
        OperatorTopic.Runs => "a migration or another run fails",
        OperatorTopic.Verifications => "a verification finds errors",
        OperatorTopic.Policies => "a policy waits for a yes",
        OperatorTopic.Refusals => "many attempts are refused",
        OperatorTopic.Alerts => "somebody says “this was not me”",
        _ => "a permission request waits for more than a day",
    };

    private void Choose(OperatorTopic topic, bool on)
    {
        draft ??= [.. Saved];
        _ = on ? draft.Add(topic) : draft.Remove(topic);
    }

    private Task SaveAsync() => Once.RunAsync(async () =>
    {
        await Choices.SaveAsync(Actor!, [.. Draft], Life);
        Messages.Done("Saved.");
        await ReloadAsync();
        draft = null;
    });

    private async Task TestWebhookAsync()
    {
        await Once.RunAsync(async () =>
        {
            if (await Webhook.TestAsync(Actor!, Life) is { } error)
            {
                Messages.Warn(error);
            }
            else
            {
                Messages.Done("The receiver took it.");
            }
        });
        await ReloadAsync();
    }

    private async Task SendAgainAsync()
    {
        await Once.RunAsync(async () => Messages.Done($"{await Webhook.SendAgainAsync(Actor!, Life):N0} are tried again now."));
        await ReloadAsync();
    }

    /// <param name="Topics">What the reader is told of.</param>
    /// <param name="Webhook">Null for people who are no admins.</param>
    public sealed record View(IReadOnlyList<OperatorTopic> Topics, WebhookQueue? Webhook);
}
