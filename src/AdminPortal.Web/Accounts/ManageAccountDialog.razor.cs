using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.SignInProviders;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Users;
using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AdminPortal.Web.Accounts;

/// <summary>What an admin does to one account.</summary>
public sealed partial class ManageAccountDialog
{
    private AccountRole role;
    private UserRow? user;
    private string? lost;
    private string? problem;
    private string? said;
    private ResetLink? link;
    private AccountRow? reread;
    private IReadOnlyList<ProviderConnection> connections = [];
    private bool confirming;
    private bool busy;

    [Inject] public required AccountService Accounts { get; set; }

    [Inject] public required SecondFactors Factors { get; set; }

    [Inject] public required AccountDirectory Directory { get; set; }

    [Inject] public required ProviderConnections Connections { get; set; }

    [Inject] internal FreshAsk Fresh { get; set; } = null!;

    [Inject] public required UserList Users { get; set; }

    [CascadingParameter] public required IMudDialogInstance Dialog { get; set; }

    [Parameter, EditorRequired] public required Actor Me { get; set; }

    /// <summary>The account as the list showed it.</summary>
    [Parameter, EditorRequired] public required AccountRow Account { get; set; }

    private AccountRow Row => reread ?? Account;

    protected override async Task OnInitializedAsync()
    {
        role = Account.Role;
        await Fresh.ReadAsync(Me);
        connections = await Connections.ListAsync(Me, Account.Id, CancellationToken.None);
        if (Account.AppUserId is not { } linked)
        {
            return;
        }

        try
        {
            user = await Users.FindAsync(Me, linked, CancellationToken.None);
            lost = user is null ? linked : null;
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception))
        {
            problem = "The database with the users does not answer, so the linked user cannot be shown.";
            lost = linked;
        }
    }

    private async Task<IReadOnlyList<UserRow>> FindAsync(string text, CancellationToken cancellationToken) =>
        (await Users.ListAsync(Me, new UserQuery(new UserFilter(text), Limit: 8), cancellationToken)).Rows;

    private async Task LinkAsync()
    {
        await DoAsync((id, me, ct) => Accounts.LinkUserAsync(id, user?.Id, me, ct));
        lost = Row.AppUserId == user?.Id ? null : lost;
    }

    private async Task DoAsync(Func<string, Actor, CancellationToken, Task<AccountOutcome>> act)
    {
        (busy, problem, said, link) = (true, null, null, null);
        try
        {
            problem = await Fresh.ConfirmAsync(Me);
            if (problem is not null)
            {
                busy = false;
                return; // what was chosen stays, the question to confirm too
            }

            // Not cancelled with the page: what was confirmed is done.
            var outcome = await act(Row.Id, Me, CancellationToken.None);
            if (outcome is AccountOutcome.Done done)
            {
                (said, link) = (done.Message, done.Link);
                reread = await Directory.FindAsync(Me, Row.Id, CancellationToken.None);
                connections = await Connections.ListAsync(Me, Row.Id, CancellationToken.None);
            }
            else
            {
                problem = outcome.Message;
            }
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception))
        {
            problem = "The portal's own database is away. Nothing was changed; try again.";
        }

        (busy, confirming) = (false, false);
    }
}
