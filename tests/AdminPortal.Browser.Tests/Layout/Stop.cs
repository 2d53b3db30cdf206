using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;

namespace AdminPortal.Browser.Tests.Layout;

/// <summary>A page, or a state of one, that is looked at.</summary>
/// <param name="Name">Also the name of its pictures.</param>
/// <param name="Ready">A selector of what is there once the page has loaded.</param>
internal sealed record Stop(string Name, Person Person, string Path, string Ready = "h1")
{
    /// <summary>What the person does there before it is looked at.</summary>
    public Func<IPage, Task>? Then { get; init; }

    /// <summary>A state that only small screens have.</summary>
    public bool PhoneOnly { get; init; }
}
