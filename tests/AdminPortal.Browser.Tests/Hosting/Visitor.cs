using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace AdminPortal.Browser.Tests.Hosting;

/// <summary>One person's browser with one page, and everything that its console complained about.</summary>
public sealed class Visitor
{
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentBag<string> _tolerated = [];

    private Visitor(IBrowserContext context, IPage page) => (Context, Page) = (context, page);

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    /// <summary>Errors of scripts, violations of the content policy, failed requests.</summary>
    public IReadOnlyList<string> Complaints =>
        [.. _complaints.Where(complaint => !_tolerated.Any(part => complaint.Contains(part, StringComparison.OrdinalIgnoreCase)))];

    /// <summary>For what a test provokes: the browser itself reports every answer of 400 and more.</summary>
    public Visitor Tolerate(params string[] parts)
    {
        foreach (var part in parts)
            _tolerated.Add(part);
        return this;
    }

    internal static async Task<Visitor> OpenAsync(IBrowser browser, BrowserNewContextOptions options)
    {
        var context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout(20_000);
        var page = await context.NewPageAsync();
        var visitor = new Visitor(context, page);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" || message.Text.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase))
                visitor._complaints.Enqueue($"{page.Url}: {message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => visitor._complaints.Enqueue($"{page.Url}: {error}");
        return visitor;
    }
}
