using System.Globalization;
using AdminPortal.Core.Search;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace AdminPortal.Web.Search;

/// <summary>The one search box: pages at once, people and devices when typing pauses; a newer text cancels the older question.</summary>
public sealed partial class SearchBox : IAsyncDisposable
{
    private const int MostRecent = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private readonly List<SearchChoice> choices = [];
    private IReadOnlyList<SearchChoice> recent = [];
    private CancellationTokenSource? asking;
    private string? said;
    private int active;
    private bool searching;
    private bool goWhenFound;

    [Inject] public required PortalSearch Search { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [Inject] public required IAuthorizationService Authorization { get; set; }

    [Inject] public required AuthenticationStateProvider Authentication { get; set; }

    [Inject] public required IJSRuntime Script { get; set; }

    [Inject] public required TimeProvider Time { get; set; }

    [CascadingParameter] public ViewerClock? Clock { get; set; }

    [Inject] internal CurrentActor Visitor { get; set; } = null!;

    public async ValueTask DisposeAsync()
    {
        if (asking is not null)
        {
            await asking.CancelAsync();
            asking.Dispose();
        }
    }

    private static string OptionId(int index) => string.Create(CultureInfo.InvariantCulture, $"search-hit-{index}");

    private async Task TypeAsync(ChangeEventArgs change)
    {
        var text = change.Value as string ?? "";
        var older = asking;
        var mine = (asking = new CancellationTokenSource()).Token;
        goWhenFound = false;
        searching = text.Trim().Length >= PortalSearch.ShortestText; // before anything is waited for: Enter or a newer text may come meanwhile
        said = searching ? "Searching…" : null;
        if (older is not null)
        {
            await older.CancelAsync();
            older.Dispose();
        }

        var pages = await PagesAsync(text);
        if (mine.IsCancellationRequested)
        {
            return;
        }

        Show(pages);
        if (!searching)
        {
            return;
        }

        try
        {
            await Task.Delay(Pause, Time, mine);
            var found = await Search.FindAsync(await Visitor.GetAsync(), text, mine);
            mine.ThrowIfCancellationRequested();
            if (found.Instead is not null && pages.Count > 0)
            {
                found = new SearchFound([]); // a page is called that: what is only near is not meant
            }

            var words = Sync.SyncSpeech.Of(Clock, Time);
            Show([.. found.Hits.SelectMany(hit => SearchChoice.Of(hit, words)), .. pages]);
            searching = false;
            said = found.Instead is { } instead ? $"Nothing is called “{text.Trim()}”. Found for “{instead}”: {found.Hits.Count}." : choices.Count switch { 0 => "Nothing found. Try a part of a name, an e-mail address or a device's id.", 1 => "1 found.", var count => $"{count} found." };
            if (goWhenFound && choices.Count > 0 && found.Instead is null) // what is only near is looked at first
            {
                await GoAsync(choices[0]);
            }
        }
        catch (Exception) when (mine.IsCancellationRequested)
        {
            // A newer text, or the page is gone.
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception))
        {
            searching = false;
            said = "The database is not answering: people and devices cannot be searched now.";
        }
        catch (Exception exception) when (TargetAvailability.LacksSchema(exception))
        {
            searching = false;
            said = "The database is not migrated to this release: people and devices cannot be searched now.";
        }
    }

    private async Task KeyAsync(KeyboardEventArgs key)
    {
        if (searching && key.Key == "Enter")
        {
            goWhenFound = true; // what stands there now is not what was asked for
            return;
        }

        if (choices.Count == 0)
        {
            return;
        }

        switch (key.Key)
        {
            case "ArrowDown":
                active = (active + 1) % choices.Count;
                break;
            case "ArrowUp":
                active = (active + choices.Count - 1) % choices.Count;
                break;
            case "Enter":
                await GoAsync(choices[active]);
                break;
            default:
                break;
        }
    }

    private async Task GoAsync(SearchChoice choice)
    {
        await Script.InvokeVoidAsync("portal.closeSearch");
        said = null;
        Show([]);
        if (choice.Script is { } act)
        {
            await Script.InvokeVoidAsync($"portal.{act.Function}", act.Argument);
            return;
        }

        recent = [choice with { Kind = "Recent", IsPart = false, Status = null }, .. recent.Where(r => r.Address != choice.Address).Take(MostRecent - 1)];
        Navigation.NavigateTo(choice.Address);
    }

    /// <summary>Before anything is typed, what was gone to last.</summary>
    private void ShowRecent()
    {
        if (choices.Count == 0 && !searching)
        {
            Show(recent);
        }
    }

    private void Show(IReadOnlyList<SearchChoice> found)
    {
        choices.Clear();
        choices.AddRange(found);
        active = 0;
    }

    private async Task<IReadOnlyList<SearchChoice>> PagesAsync(string typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
        {
            return recent;
        }

        var person = (await Authentication.GetAuthenticationStateAsync()).User;
        return [.. (await PortalPages.OpenToAsync(person, Authorization)).Where(page => page.Matches(typed)).Select(SearchChoice.Of), .. SearchChoice.Acts.Where(act => act.Matches(typed))];
    }
}
