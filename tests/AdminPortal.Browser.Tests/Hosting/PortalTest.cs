using Microsoft.Playwright;

namespace AdminPortal.Browser.Tests.Hosting;

/// <summary>
/// A test with people in front of browsers. A failure leaves a picture of every page in artifacts/browser; a test that
/// passes must not have had an error in any console.
/// </summary>
public abstract class PortalTest(RunningPortal portal, Chromium chromium) : IAsyncLifetime
{
    private readonly List<Visitor> _visitors = [];

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected RunningPortal Portal => portal;

    protected IBrowser Browser => chromium.Browser;

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        var failed = TestContext.Current.TestState?.Result == TestResult.Failed;
        var complaints = _visitors.SelectMany(visitor => visitor.Complaints).ToList();
        if (failed)
            await KeepEvidenceAsync(complaints);
        foreach (var visitor in _visitors)
            await visitor.Context.DisposeAsync();
        GC.SuppressFinalize(this);
        if (!failed)
            Assert.True(complaints.Count == 0, string.Join(Environment.NewLine, complaints));
    }

    /// <summary>A browser in which the person is signed in already.</summary>
    protected async Task<Visitor> OpenAsync(Person person, BrowserNewContextOptions? screen = null)
    {
        var options = screen ?? Screen.Desktop;
        options.BaseURL = portal.Url;
        if (person != Person.Nobody)
            options.StorageState = await portal.SignInAsync(person, Browser);
        var visitor = await Visitor.OpenAsync(Browser, options);
        _visitors.Add(visitor);
        return visitor;
    }

    private async Task KeepEvidenceAsync(IReadOnlyList<string> complaints)
    {
        var test = string.Concat((TestContext.Current.Test?.TestDisplayName ?? "test").Split('.')[^1].Where(c => char.IsLetterOrDigit(c) || c is '_' or '-'));
        var folder = Repository.Artifacts("browser");
        for (var i = 0; i < _visitors.Count; i++)
            await _visitors[i].Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{GetType().Name}.{test}.{i + 1}.png") });
        await File.WriteAllLinesAsync(Path.Combine(folder, $"{GetType().Name}.{test}.txt"), [.. complaints, "", portal.Process.Log], CancellationToken.None);
    }
}
