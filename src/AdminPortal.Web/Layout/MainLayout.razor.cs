using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace AdminPortal.Web.Layout;

/// <summary>The frame of every page: top bar, navigation by role, error boundary, and the clock that times are shown by.</summary>
public sealed partial class MainLayout : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(30);
    private ErrorBoundary? boundary;
    private ViewerClock clock = null!;
    private ITimer? timer;

    [Inject] public required TimeProvider Time { get; set; }

    [Inject] public required IJSRuntime Script { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    public void Dispose()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        timer?.Dispose();
    }

    protected override void OnInitialized()
    {
        clock = new ViewerClock(Time.GetUtcNow(), TimeZoneInfo.Utc);
        Navigation.LocationChanged += OnLocationChanged;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        timer = Time.CreateTimer(state => _ = InvokeAsync(OnTick), null, Tick, Tick);
        try
        {
            var zone = await Script.InvokeAsync<string>("portal.timeZone");
            clock = new ViewerClock(Time.GetUtcNow(), TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found : TimeZoneInfo.Utc);
            StateHasChanged();
        }
        catch (JSDisconnectedException)
        {
            // The page is gone already; nobody is left to show a time to.
        }
    }

    private void OnTick()
    {
        clock = clock with { Now = Time.GetUtcNow() };
        StateHasChanged();
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs e) => Recover();

    private void Recover() => boundary?.Recover();
}
