using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AdminPortal.Web.Accounts;

/// <summary>All accounts, for admins. What is done to one of them happens in its dialog.</summary>
public sealed partial class AccountsPage : IAsyncDisposable
{
    /// <summary>The page with the admin's own account open, to be linked to a user.</summary>
    public const string LinkMine = "/accounts?manage=mine";

    private const int PageSize = 50;
    private readonly CancellationTokenSource stop = new();
    private CancellationTokenSource? query;
    private AccountList? list;
    private Actor? me;
    private string search = "";
    private int skip;
    private bool failed;
    private bool opened;

    [Inject] public required AccountDirectory Directory { get; set; }

    [Inject] internal Dialogs Dialogs { get; set; } = null!;

    [Inject] internal CurrentActor Visitor { get; set; } = null!;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        query?.Dispose();
        stop.Dispose();
    }

    [SupplyParameterFromQuery] public string? Manage { get; set; }

    protected override async Task OnInitializedAsync()
    {
        me = await Visitor.GetAsync();
        await LoadAsync();
    }

    /// <summary>Only in the circuit: a page that is drawn on the server opens no dialog.</summary>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (Manage == "mine" && me is not null && !opened)
        {
            opened = true;
            if (await Directory.FindAsync(me, me.Id, stop.Token) is { } mine)
            {
                await ManageAsync(mine);
                StateHasChanged();
            }
        }
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
        await Dialogs.AskAsync("New account", new DialogParameters<NewAccountDialog> { { dialog => dialog.Me, me } });
        await LoadAsync();
    }

    private async Task ManageAsync(AccountRow row)
    {
        await Dialogs.AskAsync(row.Email, new DialogParameters<ManageAccountDialog> { { dialog => dialog.Me, me }, { dialog => dialog.Account, row } });
        await LoadAsync();
    }
}
