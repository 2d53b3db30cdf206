using AdminPortal.Core.Activity;
using AdminPortal.Core.Permissions;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AdminPortal.Web.Permissions;

/// <summary>Asks a person for the answer to a device's request, gives it, and tells what came of it.</summary>
internal sealed class PermissionDialogs(DialogService dialogs, Messages messages, PermissionDecisions decisions, TimeProvider time)
{
    public Task GrantAsync(Actor actor, RequestRow row, CancellationToken cancellationToken) => OpenAsync(
        $"Grant “{ScopeLabels.Of(row.Scope)}”?", row, grants: true,
        async answer => messages.Show(
            await decisions.GrantAsync(actor, row.Id, answer.Until, answer.Reason, cancellationToken), $"“{row.Title}” has “{ScopeLabels.Of(row.Scope)}” from its next request."));

    public Task RefuseAsync(Actor actor, RequestRow row, CancellationToken cancellationToken) => OpenAsync(
        $"Refuse “{ScopeLabels.Of(row.Scope)}”?", row, grants: false,
        async answer => messages.Show(
            await decisions.RefuseAsync(actor, row.Id, answer.Reason, cancellationToken), $"The request of “{row.Title}” is refused."));

    private async Task OpenAsync(string title, RequestRow row, bool grants, Func<RequestAnswer, Task> act) => await dialogs.OpenAsync<DecideDialog>(
        title,
        new()
        {
            [nameof(DecideDialog.Row)] = row,
            [nameof(DecideDialog.Grants)] = grants,
            [nameof(DecideDialog.Now)] = (Func<DateTimeOffset>)time.GetUtcNow,
            [nameof(DecideDialog.OnCancel)] = EventCallback.Factory.Create(this, () => dialogs.Close()),
            [nameof(DecideDialog.OnConfirm)] = EventCallback.Factory.Create<RequestAnswer>(this, async answer =>
            {
                if (await messages.TryAsync(() => act(answer)))
                {
                    dialogs.Close();
                }
            }),
        },
        new DialogOptions { Width = "30rem", CloseDialogOnEsc = true, AutoFocusFirstElement = true });
}
