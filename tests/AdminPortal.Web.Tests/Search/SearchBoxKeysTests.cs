using AdminPortal.Core.Search;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Search;
using AdminPortal.Web.Tests.Hosting;
using Bunit;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Search;

/// <summary>Keys that come faster than answers: every letter, and Enter at once after the last.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class SearchBoxKeysTests : BunitContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly ApiPortal portal;

    public SearchBoxKeysTests(ApiPortal portal)
    {
        this.portal = portal;
        var services = portal.Portal.Services;
        Services.AddSingleton(services.GetRequiredService<PortalSearch>());
        Services.AddSingleton(services.GetRequiredService<IAuthorizationService>());
        Services.AddSingleton(TimeProvider.System);
        Services.AddScoped<CurrentActor>();
        Services.AddSingleton<Core.Accounts.IActorStanding>(new GoodStanding());
        Services.AddSingleton<AuthenticationStateProvider>(new SignedIn("support", AccountRole.Support));
        JSInterop.SetupVoid("portal.closeSearch").SetVoidResult();
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    [Fact]
    public async Task Enter_BeforeTheAnswer_OpensWhatIsFoundForTheLastText()
    {
        var person = await portal.NewPersonAsync();
        var box = Render<SearchBox>(component => component.SetAssignedRenderMode(RenderMode.InteractiveServer));
        var field = box.Find("#search-text");

        var text = $"{person.Id}@example.org";
        var typed = text.Select((_, index) => field.InputAsync(new ChangeEventArgs { Value = text[..(index + 1)] })).ToList();
        typed.Add(field.KeyDownAsync(new KeyboardEventArgs { Key = "Enter" }));
        await Task.WhenAll(typed);

        box.WaitForAssertion(() => Assert.EndsWith($"/users/{person.Id}", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal), Patience);
    }
}
