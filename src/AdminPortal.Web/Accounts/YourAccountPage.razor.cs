using AdminPortal.Core.Accounts;
using AdminPortal.Core.Devices;
using AdminPortal.Core.SignInProviders;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Accounts;

/// <summary>Who one is, and changing one's password.</summary>
public sealed partial class YourAccountPage
{
    private AccountRow? row;
    private string? problem;
    private bool done;
    private int revoked;
    private IReadOnlyList<DeviceRow> devices = [];
    private IReadOnlyList<ProviderConnection> connections = [];

    [Inject] public required AccountDirectory Directory { get; set; }

    [Inject] public required ProviderConnections Connections { get; set; }

    [Inject] public required PasswordRule Rule { get; set; }

    [Inject] public required IOptions<PortalOptions> Portal { get; set; }

    [Inject] public required OwnAccount Own { get; set; }

    [Inject] public required DevicesSincePassword Since { get; set; }

    [Inject] public required AccountSessions Sessions { get; set; }

    [CascadingParameter] public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromForm] public NewPassword Input { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        Input ??= new NewPassword();
        var actor = HttpContext.ToActor();
        row = await Directory.FindAsync(actor, actor.Id, HttpContext.RequestAborted);
        connections = await Connections.ListAsync(actor, actor.Id, HttpContext.RequestAborted);
        devices = await Since.ReadAsync(actor, HttpContext.RequestAborted);
    }

    private async Task SubmitAsync()
    {
        problem = Input.Mismatch;
        if (problem is not null)
        {
            return;
        }

        var actor = HttpContext.ToActor();
        var outcome = await Own.ChangePasswordAsync(actor, Input.Current, Input.Password, HttpContext.RequestAborted);
        done = outcome is AccountOutcome.Done;
        problem = done ? null : outcome.Message;
        if (done)
        {
            await HttpContext.StartSessionAsync(Sessions, actor.Id, continues: true); // the new password has ended all there were, copied cookies too
            revoked = Input.RevokeDevices ? await Since.RevokeAsync(actor with { Standing = null }, devices, CancellationToken.None) : 0; // that it was right is proven
            devices = await Since.ReadAsync(actor, HttpContext.RequestAborted);
        }
    }
}
