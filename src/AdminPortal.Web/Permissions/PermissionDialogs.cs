using AdminPortal.Core.Activity;
using AdminPortal.Core.Permissions;
using AdminPortal.Web.Layout;
using MudBlazor;

namespace AdminPortal.Web.Permissions;

/// <summary>Asks a person for the answer to a device's request, gives it, and tells what came of it.</summary>
internal sealed class PermissionDialogs(Dialogs dialogs, Messages messages, PermissionDecisions decisions, TimeProvider time)
{
    public Task GrantAsync(Actor actor, RequestRow row, CancellationToken cancellationToken) => OpenAsync(
        $"Grant “{ScopeLabels.Of(row.Scope)}”?", row, grants: true,
        async answer => messages.Show(
            await decisions.GrantAsync(actor, row.Id, answer.Until, answer.Reason, cancellationToken), $"“{row.Title}” has “{ScopeLabels.Of(row.Scope)}” from its next request."));

    public Task RefuseAsync(Actor actor, RequestRow row, CancellationToken cancellationToken) => OpenAsync(
        $"Refuse “{ScopeLabels.Of(row.Scope)}”?", row, grants: false,
        async answer => messages.Show(
            await decisions.RefuseAsync(actor, row.Id, answer.Reason, cancellationToken), $"The request of “{row.Title}” is refused."));

    private Task<bool> OpenAsync(string title, RequestRow row, bool grants, Func<RequestAnswer, Task> act) => dialogs.AskAsync(title, new DialogParameters<DecideDialog>
    {
        { dialog => dialog.Row, row },
        { dialog => dialog.Grants, grants },
        { dialog => dialog.Now, time.GetUtcNow },
        { dialog => dialog.Act, answer => messages.TryAsync(() => act(answer)) },
    });
}
