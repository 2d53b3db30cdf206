using AdminPortal.Core.Accounts;
using AdminPortal.Core.Backups;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Jobs;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Policies;
using AdminPortal.Core.Sync;
using AdminPortal.Core.Targets;
using MudBlazor;

namespace AdminPortal.Web.Layout;

/// <summary>The one place that turns what came of an act into a notification.</summary>
internal sealed class Messages(ISnackbar snackbar, ILogger<Messages> logger)
{
    /// <summary>Messages stand at the end of the screen, away from the buttons of a page's head.</summary>
    public static void Configure(SnackbarConfiguration configuration)
    {
        configuration.PositionClass = Defaults.Classes.Position.BottomRight;
        configuration.PreventDuplicates = false;
        configuration.VisibleStateDuration = 6000;
        (configuration.ShowTransitionDuration, configuration.HideTransitionDuration) = (150, 200);
        configuration.MaximumOpacity = 100;
    }

    public void Done(string message) => Tell(Severity.Success, message);

    /// <summary>For an act that was not done.</summary>
    public void Warn(string message) => Tell(Severity.Warning, message);

    public void Show(DeviceActOutcome outcome, string done)
    {
        switch (outcome)
        {
            case DeviceActOutcome.Done:
                Done(done);
                break;
            case DeviceActOutcome.AlreadyEnded ended:
                Tell(Severity.Info, ended.By is null ? "This device was revoked already." : $"{ended.By} had revoked this device already.");
                break;
            case DeviceActOutcome.AlreadyQuarantined suspended:
                Tell(Severity.Info, suspended.By is null ? "This device was quarantined already." : $"{suspended.By} had quarantined this device already.");
                break;
            case DeviceActOutcome.NotQuarantined released:
                Tell(Severity.Info, released.By is null ? "This device is not quarantined." : $"{released.By} had released this device already.");
                break;
            case DeviceActOutcome.ReleasedExpired:
                Tell(Severity.Warning, "The device is released, but its pairing expired meanwhile: it has to be paired again.");
                break;
            case DeviceActOutcome.Invalid invalid:
                Tell(Severity.Warning, invalid.Message);
                break;
            case DeviceActOutcome.NotAllowed:
                Tell(Severity.Warning, "Your role does not allow this. Nothing was changed.");
                break;
            default:
                Tell(Severity.Warning, "This device no longer exists. Nothing was changed.");
                break;
        }
    }

    public void Show(PermissionOutcome outcome)
    {
        switch (outcome)
        {
            case PermissionOutcome.Done:
                Done("The permissions are saved. They apply from the device's next request.");
                break;
            case PermissionOutcome.NotActive:
                Tell(Severity.Warning, "This device is inactive, so its permissions stay as they are.");
                break;
            case PermissionOutcome.Invalid invalid:
                Tell(Severity.Warning, invalid.Message);
                break;
            case PermissionOutcome.NotAllowed { NeedAdmin: { } scopes }:
                Tell(Severity.Warning, PolicyWords.NeedAdmin(scopes) + " Nothing was changed.");
                break;
            case PermissionOutcome.NotAllowed:
                Tell(Severity.Warning, "Your role does not allow this. Nothing was changed.");
                break;
            default:
                Tell(Severity.Warning, "This device no longer exists. Nothing was changed.");
                break;
        }
    }

    public void Show(DecideOutcome outcome, string done)
    {
        switch (outcome)
        {
            case DecideOutcome.Done:
                Done(done);
                break;
            case DecideOutcome.AlreadyDecided { State: RequestState.Void }:
                Tell(Severity.Info, "The device was revoked meanwhile, and its request with it.");
                break;
            case DecideOutcome.AlreadyDecided decided:
                Tell(Severity.Info, $"This request was {decided.State}{(decided.By is null ? "" : $" by {decided.By}")} already. Nothing was changed.");
                break;
            case DecideOutcome.NotAllowed { NeedsAdmin: { } scope }:
                Tell(Severity.Warning, PolicyWords.NeedAdmin([scope]) + " Nothing was changed.");
                break;
            case DecideOutcome.NotAllowed:
                Tell(Severity.Warning, "Your role does not allow this. Nothing was changed.");
                break;
            case DecideOutcome.NotActive:
                Tell(Severity.Warning, "This device is inactive, so nothing can be granted to it.");
                break;
            case DecideOutcome.Invalid invalid:
                Tell(Severity.Warning, invalid.Message);
                break;
            default:
                Tell(Severity.Warning, "This request is gone. Nothing was changed.");
                break;
        }
    }

    public void Show(ExtendOutcome outcome)
    {
        switch (outcome)
        {
            case ExtendOutcome.Done extended:
                Done($"Extended until {extended.Until.UtcDateTime:yyyy-MM-dd HH:mm} UTC.");
                break;
            case ExtendOutcome.ChangedMeanwhile:
                Tell(Severity.Info, "Somebody has changed this permission meanwhile. Nothing was added to it.");
                break;
            case ExtendOutcome.NotAllowed { NeedsAdmin: { } scope }:
                Tell(Severity.Warning, PolicyWords.NeedAdmin([scope]) + " Nothing was changed.");
                break;
            case ExtendOutcome.NotAllowed:
                Tell(Severity.Warning, "Your role does not allow this. Nothing was changed.");
                break;
            case ExtendOutcome.NotActive:
                Tell(Severity.Warning, "This device is inactive, so its permissions stay as they are.");
                break;
            default:
                Tell(Severity.Warning, "This permission is gone. Nothing was changed.");
                break;
        }
    }

    public void Show(PolicyOutcome outcome, string done)
    {
        switch (outcome)
        {
            case PolicyOutcome.Done:
                Done(done);
                break;
            case PolicyOutcome.ChangedMeanwhile changed:
                Tell(Severity.Warning, $"{changed.Current.UpdatedBy} saved this policy meanwhile. Nothing of yours was saved; look at the new settings and decide again.");
                break;
            case PolicyOutcome.NotConfirmed { Devices: var devices }:
                Tell(Severity.Warning, $"This policy would now act on {devices:N0} devices. Nothing was saved; see again what it would do, and type that number.");
                break;
            case PolicyOutcome.Invalid invalid:
                Tell(Severity.Warning, invalid.Message);
                break;
            case PolicyOutcome.NotAllowed:
                Tell(Severity.Warning, "Your role does not allow this. Nothing was changed.");
                break;
            default:
                Tell(Severity.Info, "This is gone already. Nothing was changed.");
                break;
        }
    }

    public void Show(RunNowOutcome outcome, string done)
    {
        switch (outcome)
        {
            case RunNowOutcome.Started:
                Done(done);
                break;
            case RunNowOutcome.AlreadyRunning:
                Tell(Severity.Info, "It is running already.");
                break;
            case RunNowOutcome.NotReady:
                Tell(Severity.Warning, "The scheduler has not started yet. Try again in a moment.");
                break;
            default:
                Tell(Severity.Warning, "Your role does not allow this. Nothing was started.");
                break;
        }
    }

    public void Show(StopJobOutcome outcome, string done)
    {
        switch (outcome)
        {
            case StopJobOutcome.Asked:
                Done(done);
                break;
            case StopJobOutcome.NotRunning:
                Tell(Severity.Info, "It has already finished.");
                break;
            default:
                Tell(Severity.Warning, "Your role does not allow this. Nothing was stopped.");
                break;
        }
    }

    /// <summary>A run that was started is shown by its own page.</summary>
    public void Show(BackupOutcome outcome, string done)
    {
        switch (outcome)
        {
            case BackupOutcome.Started:
                break;
            case BackupOutcome.Done:
                Done(done);
                break;
            case BackupOutcome.Busy:
                Tell(Severity.Info, "Another operation is running on this target. Try again when it has finished; it is listed under Runs.");
                break;
            case BackupOutcome.Refused refused:
                Tell(Severity.Warning, refused.Message);
                break;
            case BackupOutcome.NotAllowed:
                Tell(Severity.Warning, "Your role does not allow this. Nothing was changed.");
                break;
            default:
                Tell(Severity.Info, "This backup is gone already. Nothing was changed.");
                break;
        }
    }

    public void Show(SyncActOutcome outcome, string done)
    {
        switch (outcome)
        {
            case SyncActOutcome.Done:
                Done(done);
                break;
            case SyncActOutcome.AlreadyDone already:
                Tell(Severity.Info, $"This was {already.How}{(already.By is null ? "" : $" by {already.By}")} already. Nothing was changed.");
                break;
            case SyncActOutcome.ChangedSince { Fields: var fields }:
                Tell(Severity.Warning, $"Changed again since: {string.Join(", ", fields)}. What is there now is newer, so nothing was put back.");
                break;
            case SyncActOutcome.RowIsGone:
                Tell(Severity.Warning, "It was deleted, and too little of it is kept to make it again. Nothing was changed.");
                break;
            case SyncActOutcome.StillRefused refused:
                Tell(Severity.Warning, $"Refused again ({refused.Problem}): {refused.Detail}");
                break;
            case SyncActOutcome.NotAllowed:
                Tell(Severity.Warning, "Your role does not allow this. Nothing was changed.");
                break;
            default:
                Tell(Severity.Warning, "This is gone. Nothing was changed.");
                break;
        }
    }

    /// <summary>Runs what only reads, such as what a dialog is to show; false, and a notification, when it could not be read.</summary>
    public Task<bool> TryReadAsync(Func<Task> read) => TryAsync(read, "The database is not answering. Nothing was changed; try again when it is back.");

    /// <summary>Runs an act; false, and a notification, when the database was away.</summary>
    public Task<bool> TryAsync(Func<Task> act) => TryAsync(act, "The database is not answering, and it is not sure whether this was done. Look again when it is back.");

    private async Task<bool> TryAsync(Func<Task> act, string away)
    {
        try
        {
            await act();
            return true;
        }
        catch (FreshSignInNeededException needed)
        {
            Tell(Severity.Warning, needed.Message);
            return false;
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception))
        {
            logger.LogWarning("An act could not be done, because a database is away: {Error}", exception.Message);
            Tell(Severity.Error, away);
            return false;
        }
        catch (Exception exception) when (TargetAvailability.LacksSchema(exception))
        {
            logger.LogError(exception, "An act could not be done, because a database lacks what it needs.");
            Tell(Severity.Error, "The database lacks what this needs, so nothing was done. See under Migrations whether it is at this release.");
            return false;
        }
    }

    private void Tell(Severity severity, string message) => snackbar.Add(message, severity, options =>
    {
        if (severity == Severity.Error)
        {
            options.VisibleStateDuration = 15000;
        }
    });
}
