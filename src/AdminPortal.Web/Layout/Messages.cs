using AdminPortal.Core.Backups;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Jobs;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Policies;
using AdminPortal.Core.Sync;
using AdminPortal.Core.Targets;
using Radzen;

namespace AdminPortal.Web.Layout;

/// <summary>The one place that turns what came of an act into a notification.</summary>
internal sealed class Messages(NotificationService notifications, ILogger<Messages> logger)
{
    public void Done(string message) => Tell(NotificationSeverity.Success, message);

    /// <summary>For an act that was not done.</summary>
    public void Warn(string message) => Tell(NotificationSeverity.Warning, message);

    public void Show(DeviceActOutcome outcome, string done)
    {
        switch (outcome)
        {
            case DeviceActOutcome.Done:
                Done(done);
                break;
            case DeviceActOutcome.AlreadyEnded ended:
                Tell(NotificationSeverity.Info, ended.By is null ? "This device had ended already." : $"{ended.By} had ended this device already.");
                break;
            case DeviceActOutcome.AlreadyQuarantined suspended:
                Tell(NotificationSeverity.Info, suspended.By is null ? "This device was suspended already." : $"{suspended.By} had suspended this device already.");
                break;
            case DeviceActOutcome.NotQuarantined released:
                Tell(NotificationSeverity.Info, released.By is null ? "This device is not suspended." : $"{released.By} had released this device already.");
                break;
            case DeviceActOutcome.ReleasedExpired:
                Tell(NotificationSeverity.Warning, "The device is released, but its pairing ran out meanwhile: it has to be paired again.");
                break;
            case DeviceActOutcome.Invalid invalid:
                Tell(NotificationSeverity.Warning, invalid.Message);
                break;
            case DeviceActOutcome.NotAllowed:
                Tell(NotificationSeverity.Warning, "Your role does not allow this. Nothing was changed.");
                break;
            default:
                Tell(NotificationSeverity.Warning, "This device is gone. Nothing was changed.");
                break;
        }
    }

    public void Show(PermissionOutcome outcome)
    {
        switch (outcome)
        {
            case PermissionOutcome.Done:
                Done("The permissions are saved. They hold from the device's next request.");
                break;
            case PermissionOutcome.NotActive:
                Tell(NotificationSeverity.Warning, "This device does not work at the moment, so its permissions stay as they are.");
                break;
            case PermissionOutcome.Invalid invalid:
                Tell(NotificationSeverity.Warning, invalid.Message);
                break;
            case PermissionOutcome.NotAllowed { NeedAdmin: { } scopes }:
                Tell(NotificationSeverity.Warning, PolicyWords.NeedAdmin(scopes) + " Nothing was changed.");
                break;
            case PermissionOutcome.NotAllowed:
                Tell(NotificationSeverity.Warning, "Your role does not allow this. Nothing was changed.");
                break;
            default:
                Tell(NotificationSeverity.Warning, "This device is gone. Nothing was changed.");
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
                Tell(NotificationSeverity.Info, "The device's pairing has ended meanwhile, and its request with it.");
                break;
            case DecideOutcome.AlreadyDecided decided:
                Tell(NotificationSeverity.Info, $"This request was {decided.State}{(decided.By is null ? "" : $" by {decided.By}")} already. Nothing was changed.");
                break;
            case DecideOutcome.NotAllowed { NeedsAdmin: { } scope }:
                Tell(NotificationSeverity.Warning, PolicyWords.NeedAdmin([scope]) + " Nothing was changed.");
                break;
            case DecideOutcome.NotAllowed:
                Tell(NotificationSeverity.Warning, "Your role does not allow this. Nothing was changed.");
                break;
            case DecideOutcome.NotActive:
                Tell(NotificationSeverity.Warning, "This device does not work at the moment, so nothing can be granted to it.");
                break;
            case DecideOutcome.Invalid invalid:
                Tell(NotificationSeverity.Warning, invalid.Message);
                break;
            default:
                Tell(NotificationSeverity.Warning, "This request is gone. Nothing was changed.");
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
                Tell(NotificationSeverity.Info, "Somebody has changed this permission meanwhile. Nothing was added to it.");
                break;
            case ExtendOutcome.NotAllowed { NeedsAdmin: { } scope }:
                Tell(NotificationSeverity.Warning, PolicyWords.NeedAdmin([scope]) + " Nothing was changed.");
                break;
            case ExtendOutcome.NotAllowed:
                Tell(NotificationSeverity.Warning, "Your role does not allow this. Nothing was changed.");
                break;
            case ExtendOutcome.NotActive:
                Tell(NotificationSeverity.Warning, "This device does not work at the moment, so its permissions stay as they are.");
                break;
            default:
                Tell(NotificationSeverity.Warning, "This permission is gone. Nothing was changed.");
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
                Tell(NotificationSeverity.Warning, $"{changed.Current.UpdatedBy} saved this policy meanwhile. Nothing of yours was saved; look at the new settings and decide again.");
                break;
            case PolicyOutcome.Invalid invalid:
                Tell(NotificationSeverity.Warning, invalid.Message);
                break;
            case PolicyOutcome.NotAllowed:
                Tell(NotificationSeverity.Warning, "Your role does not allow this. Nothing was changed.");
                break;
            default:
                Tell(NotificationSeverity.Info, "This is gone already. Nothing was changed.");
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
                Tell(NotificationSeverity.Info, "It is running already.");
                break;
            case RunNowOutcome.NotReady:
                Tell(NotificationSeverity.Warning, "The scheduler has not started yet. Try again in a moment.");
                break;
            default:
                Tell(NotificationSeverity.Warning, "Your role does not allow this. Nothing was started.");
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
                Tell(NotificationSeverity.Info, "Another operation works on this target. Try again when it is through; it is listed under Runs.");
                break;
            case BackupOutcome.Refused refused:
                Tell(NotificationSeverity.Warning, refused.Message);
                break;
            case BackupOutcome.NotAllowed:
                Tell(NotificationSeverity.Warning, "Your role does not allow this. Nothing was changed.");
                break;
            default:
                Tell(NotificationSeverity.Info, "This backup is gone already. Nothing was changed.");
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
                Tell(NotificationSeverity.Info, $"This was {already.How}{(already.By is null ? "" : $" by {already.By}")} already. Nothing was changed.");
                break;
            case SyncActOutcome.ChangedSince { Fields: var fields }:
                Tell(NotificationSeverity.Warning, $"Changed again since: {string.Join(", ", fields)}. What is there now is newer, so nothing was put back.");
                break;
            case SyncActOutcome.RowIsGone:
                Tell(NotificationSeverity.Warning, "It was deleted, and too little of it is kept to make it again. Nothing was changed.");
                break;
            case SyncActOutcome.StillRefused refused:
                Tell(NotificationSeverity.Warning, $"Refused again ({refused.Problem}): {refused.Detail}");
                break;
            case SyncActOutcome.NotAllowed:
                Tell(NotificationSeverity.Warning, "Your role does not allow this. Nothing was changed.");
                break;
            default:
                Tell(NotificationSeverity.Warning, "This is gone. Nothing was changed.");
                break;
        }
    }

    /// <summary>Runs an act; false, and a notification, when the database was away.</summary>
    public async Task<bool> TryAsync(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception))
        {
            logger.LogWarning("An act could not be done, because the primary target is away: {Error}", exception.Message);
            Tell(NotificationSeverity.Error, "The database is not answering, and it is not sure whether this was done. Look again when it is back.");
            return false;
        }
    }

    private void Tell(NotificationSeverity severity, string message) =>
        notifications.Notify(new NotificationMessage { Severity = severity, Summary = message, Duration = severity == NotificationSeverity.Error ? 15000 : 6000 });
}
