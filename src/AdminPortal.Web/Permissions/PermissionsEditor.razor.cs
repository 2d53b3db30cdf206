using AdminPortal.Core.Devices;
using AdminPortal.Core.Permissions;
using AdminPortal.Data.Permissions;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Permissions;

/// <summary>A draft of a device's permissions. A draft that was begun is kept while the page reads again.</summary>
public sealed partial class PermissionsEditor
{
    private Dictionary<PermissionScope, ScopeDraft> draft = [];
    private Dictionary<PermissionScope, ScopeDraft> saved = [];
    private string? reason;
    private bool busy;

    [Parameter, EditorRequired] public required IReadOnlyList<HeldScope> Held { get; set; }

    [Parameter] public bool CanEdit { get; set; }

    /// <summary>Scopes that this person may take away, and only an admin can grant.</summary>
    [Parameter] public IReadOnlyList<PermissionScope> ForAdmins { get; set; } = [];

    /// <summary>The moment that terms are counted from.</summary>
    [Parameter, EditorRequired] public required Func<DateTimeOffset> Now { get; set; }

    /// <summary>Saves all scopes that the device is to have, and why; true when they are saved.</summary>
    [Parameter] public Func<PermissionChange, Task<bool>>? OnSave { get; set; }

    private int Changes => CanEdit ? ScopeLabels.All.Count(scope => draft[scope] != saved[scope]) : 0;

    protected override void OnParametersSet()
    {
        var changed = draft.Count > 0 && Changes > 0;
        saved = ScopeLabels.All.ToDictionary(scope => scope, scope => ScopeDraft.Of(HeldFor(scope)));
        if (!changed)
        {
            Reset();
        }
    }

    private HeldScope? HeldFor(PermissionScope scope) => Held.FirstOrDefault(h => h.Scope == scope);

    private bool IsForAdmins(PermissionScope scope) => CanEdit && ForAdmins.Contains(scope);

    private bool IsFixed(PermissionScope scope) => !CanEdit || busy || (IsForAdmins(scope) && !saved[scope].Granted);

    private void Set(PermissionScope scope, ScopeDraft choice) => draft[scope] = choice;

    private void Reset()
    {
        draft = new(saved);
        reason = null;
    }

    private async Task SaveAsync()
    {
        if (busy)
        {
            return;
        }

        busy = true;
        try
        {
            var now = Now();
            var change = new PermissionChange(
                [.. draft.Where(d => d.Value.Granted).Select(d => d.Value.ToGrant(d.Key, HeldFor(d.Key), now))],
                string.IsNullOrWhiteSpace(reason) ? null : reason.Trim());
            if (OnSave is not null && await OnSave(change))
            {
                Reset(); // the page has read again by now, or soon will
            }
        }
        finally
        {
            busy = false;
        }
    }
}
