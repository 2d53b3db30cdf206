using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace AdminPortal.Web.Accounts;

/// <summary>An open page watches its session. Clicks and keys in it are no requests; they count as use of the session all the same.</summary>
internal sealed class SessionUse(AuthenticationStateProvider authentication) : CircuitHandler
{
    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken) =>
        (authentication as AccountRevalidation)?.WatchAsync() ?? Task.CompletedTask;

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) => context =>
    {
        (authentication as AccountRevalidation)?.Use();
        return next(context);
    };
}
