using System.Globalization;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Notices;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Notices;

/// <summary>How many notices the signed-in person has not read, on every page and at once, whichever instance they came through.</summary>
public sealed partial class NoticeBell : IAsyncDisposable
{
    private readonly CancellationTokenSource life = new();
    private Task reading = Task.CompletedTask;
    private IDisposable? subscription;
    private Actor? actor;
    private int unread;
    private string? announcement;

    [Inject] internal CurrentActor Visitor { get; set; } = null!;

    [Inject] public required NoticeInbox Inbox { get; set; }

    [Inject] public required NoticeChanges Changes { get; set; }

    [Inject] public required ILogger<NoticeBell> Logger { get; set; }

    private string Number => unread >= NoticeInbox.CountLimit ? "99+" : unread.ToString(CultureInfo.InvariantCulture);

    private string Label => unread switch { 0 => "Notices", 1 => "Notices, 1 unread", _ => $"Notices, {Number} unread" };

    public async ValueTask DisposeAsync()
    {
        subscription?.Dispose();
        await life.CancelAsync();
        await reading;
        life.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        if (AssignedRenderMode is not null && !RendererInfo.IsInteractive)
        {
            return; // the circuit reads
        }

        actor = await Visitor.GetAsync();
        if (RendererInfo.IsInteractive)
        {
            subscription = Changes.Subscribe(OnChange);
        }

        await (reading = ReadAsync());
    }

    /// <summary>Called on the listener's thread.</summary>
    private void OnChange(string? accountId)
    {
        if (accountId is null || accountId == actor?.Id)
        {
            _ = InvokeAsync(ReadAgainAsync);
        }
    }

    private async Task ReadAgainAsync()
    {
        var before = unread;
        await (reading = ReadAsync());
        if (life.IsCancellationRequested)
        {
            return;
        }

        announcement = unread > before ? unread == 1 ? "You have 1 unread notice." : $"You have {Number} unread notices." : announcement;
        StateHasChanged();
    }

    /// <summary>The bell keeps its last number while the database is away; the page itself says what is wrong.</summary>
    private async Task ReadAsync()
    {
        try
        {
            unread = await Inbox.CountUnreadAsync(actor!, life.Token);
        }
        catch (Exception exception) when (life.IsCancellationRequested || TargetAvailability.CannotServe(exception))
        {
            Logger.LogDebug(exception, "Unread notices could not be counted.");
        }
    }
}
