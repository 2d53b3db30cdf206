using System.Security.Claims;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Layout;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.HtmlRendering.Infrastructure;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Web.Tests.Pages;

/// <summary>
/// Opens pages as a circuit does, without a browser: router, layout and page, interactive, until nothing is being read any more.
/// What runs after a render (scripts, watches) does not run.
/// </summary>
internal sealed class PageReader(RunningPortal portal)
{
    private static readonly Uri Base = new("https://portal.example.org/");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The page as markup, with everything that it loads.</summary>
    public async Task<string> ReadAsync(string path, AccountRole role)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        ((IHostEnvironmentNavigationManager)services.GetRequiredService<NavigationManager>()).Initialize(Base.ToString(), new Uri(Base, path).ToString());
        ((IHostEnvironmentAuthenticationStateProvider)services.GetRequiredService<AuthenticationStateProvider>())
            .SetAuthenticationState(Task.FromResult(new AuthenticationState(await SignInAsync(services, portal.Ids[role]))));
        await using var circuit = new Circuit(services);
        return await circuit.Dispatcher.InvokeAsync(async () =>
        {
            var root = circuit.BeginRenderingComponent(typeof(Routes), ParameterView.Empty);
            await root.QuiescenceTask.WaitAsync(Patience, TestContext.Current.CancellationToken);
            return root.ToHtmlString();
        });
    }

    private static async Task<ClaimsPrincipal> SignInAsync(IServiceProvider services, string accountId)
    {
        var account = await services.GetRequiredService<UserManager<Account>>().FindByIdAsync(accountId);
        return await services.GetRequiredService<IUserClaimsPrincipalFactory<Account>>().CreateAsync(account!);
    }

    private sealed class Circuit(IServiceProvider services) : StaticHtmlRenderer(services, services.GetRequiredService<ILoggerFactory>())
    {
        protected override RendererInfo RendererInfo { get; } = new("Server", isInteractive: true);
    }
}
