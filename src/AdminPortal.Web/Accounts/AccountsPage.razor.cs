using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AdminPortal.Web.Accounts;

/// <summary>All accounts, for admins. What is done to one of them happens in its dialog.</summary>
public sealed partial class AccountsPage : IAsyncDisposable
{
    private const int PageSize = 50;
    private static readonly DialogOptions Wide = new() { Width = "34rem", CloseDialogOnEsc = true };
    private readonly CancellationTokenSource stop = new();
    private CancellationTokenSource? query;
    private AccountList? list;
    private Actor? me;
    private string search = "";
    private int skip;
    private bool failed;

    [Inject] public required AccountDirectory Directory { get; set; }

    [Inject] public required DialogService Dialogs { get; set; }

    [Inject] internal CurrentActor Visitor { get; set; } = null!;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        query?.Dispose();
        stop.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        me = await Visitor.GetAsync();
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        var older = query;
        var mine = query = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        if (older is not null)
        {
            await older.CancelAsync();
            older.Dispose();
        }

        try
        {
            var found = await Directory.ListAsync(me!, search, skip, PageSize, mine.Token);
            (list, failed) = (found, false);
        }
        catch (OperationCanceledException) when (mine.IsCancellationRequested)
        {
            // A newer question, or the page is gone.
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception))
        {
            failed = true;
        }
    }

    private Task SearchAsync(ChangeEventArgs change)
    {
        search = change.Value as string ?? "";
        skip = 0;
        return LoadAsync();
    }

    private Task GoAsync(int to)
    {
        skip = Math.Max(0, to);
        return LoadAsync();
    }

    private async Task CreateAsync()
    {
        await Dialogs.OpenAsync<NewAccountDialog>("New account", new Dictionary<string, object?> { ["Me"] = me }, Wide);
        await LoadAsync();
    }

    private async Task ManageAsync(AccountRow row)
    {
        await Dialogs.OpenAsync<ManageAccountDialog>(
            row.Email, new Dictionary<string, object?> { ["Me"] = me, ["Account"] = row }, Wide);
        await LoadAsync();
    }
}
