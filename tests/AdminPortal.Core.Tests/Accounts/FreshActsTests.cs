using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Data;

namespace AdminPortal.Core.Tests.Accounts;

/// <summary>Which acts need a fresh sign-in. A new act of the services stands in one of the lists, or fails.</summary>
public sealed class FreshActsTests
{
    /// <summary>Always, before anything else. The exports of everyone beside them: <c>StaleSessionTests</c> of the web.</summary>
    private static readonly string[] Always =
    [
        "AccountService.ChangeRoleAsync", "AccountService.CreateAsync", "AccountService.CreateResetLinkAsync", "AccountService.DisableAsync",
        "AccountService.EnableAsync", "AccountService.LinkUserAsync", "AccountService.RefuseAdminAsync", "AccountService.UnlockAsync", "BackupActs.RestoreAsync",
        "BackupDownloads.OpenAsync", "DirectoryKeyRegister.CreateAsync", "DirectoryKeyRegister.RevokeAsync", "KnownTargets.AcceptAsync", "MigrationRuns.RollBackAsync", "Passkeys.AddAsync", "Passkeys.RemoveAsync",
        "ProviderConnections.ConnectAsync", "ProviderConnections.DisconnectAsync", "SecondFactors.RemoveAsync", "ServiceKeyRegister.CreateAsync",
        "ServiceKeyRegister.RevokeAsync",
    ];

    /// <summary>Where the target is a protected one: <see cref="FreshSignInTests"/>.</summary>
    private static readonly string[] AtProtectedTargets =
    [
        "MigrationApprovals.ApproveAsync", "MigrationResolution.CleanUpAsync", "MigrationResolution.ResolveAsync", "MigrationRuns.AdoptAsync", "MigrationRuns.DeployAsync",
    ];

    /// <summary>They can be taken back, end something, are for one's own things, or ask for what they need themselves (a password, a code).</summary>
    private static readonly string[] Never =
    [
        "AccountSessions.RevokeAsync", "AccountSessions.RevokeOthersAsync", "AlertActs.CloseAsync", "BackupActs.KeepAsync",
        "BackupActs.ProveAsync", "BackupActs.RemoveAsync", "BackupActs.TakeAndProveAsync", "BackupActs.TakeAsync", "BulkActs.StartAsync", "BulkActs.UndoAsync",
        "ClientIdDuplicates.ResolveAsync", "DeploymentChecklists.TakeBackAsync", "DeploymentChecklists.TickAsync", "DeviceActs.QuarantineAsync",
        "DeviceActs.ReleaseAsync", "DeviceActs.RenameAsync", "DeviceActs.RevokeAllOthersAsync", "DeviceActs.RevokeAsync", "DeviceDisowning.DisownAsync",
        "DeviceSelections.FreezeAsync", "DevicesSincePassword.RevokeAsync", "FreshSignIn.ConfirmAsync", "FreshSignIn.ConfirmedByPasskeyAsync", "HostMappings.RecordAsync", "JobBoard.RunNowAsync",
        "JobBoard.StopAsync", "MailBoard.SendAgainAsync", "MailBoard.TestAsync", "MinimumVersions.SetAsync", "NoticeInbox.MarkAllReadAsync", "NoticeInbox.MarkReadAsync",
        "NoticePreferences.ChooseAsync", "OperationRuns.StopAsync", "OperatorChoices.SaveAsync", "OwnAccount.ChangePasswordAsync", "PairingCodes.CreateAsync",
        "PairingConfirmation.ConfirmAsync", "PairingConfirmation.RefuseAsync", "PairingLinks.CreateAsync", "PermissionActs.ReplaceAsync",
        "PermissionDecisions.GrantAsync", "PermissionDecisions.RefuseAsync", "PermissionExtensions.ExtendAsync", "PermissionRequests.AskAsync", "PolicyActs.AllowAsync",
        "PolicyActs.EndExemptionAsync", "PolicyActs.ExemptAsync", "PolicyActs.SaveAsync", "PolicyTakeBack.TakeBackAsync", "SampleDataSet.RemoveAsync",
        "SecondFactors.DisableAsync", "SecondFactors.EnableAsync", "SecondFactors.RenewRecoveryCodesAsync",
        "SyncActs.ClearPushTokenAsync", "SyncActs.DismissConflictAsync", "SyncActs.DismissRejectionAsync", "SyncActs.RequestResyncAsync", "SyncActs.RestoreAsync",
        "SyncActs.RetryAsync", "SyncActs.TakeBackResyncAsync", "SyncConsents.EndAsync", "SyncConsents.OfferAsync", "SyncConsents.RedeemAsync", "SyncLineage.ResetAsync",
        "SyncThresholdSettings.SetAsync", "VerificationRuns.RepairAsync", "VerificationRuns.StartAsync", "Verifications.RunAsync", "WebhookBoard.SendAgainAsync",
        "WebhookBoard.TestAsync",
    ];

    [Fact]
    public async Task Acts_ThatNeedAFreshSignIn_AreThese()
    {
        List<string> asked = [], unasked = [];
        foreach (var method in ServiceWriteTests.Writes())
        {
            (await ServiceWriteTests.ThrowsFirstAsync<FreshSignInNeededException>(method, new SignedInLongAgo()) ? asked : unasked).Add(ServiceWriteTests.Name(method));
        }

        Assert.Equal(string.Join('\n', Always), string.Join('\n', asked.Distinct()));
        Assert.Equal(string.Join('\n', AtProtectedTargets.Concat(Never).Order(StringComparer.Ordinal)), string.Join('\n', unasked.Distinct()));
    }

    private sealed class SignedInLongAgo : IActorStanding
    {
        public Task<bool> HoldsAsync(Actor actor, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task<bool> IsFreshAsync(Actor actor, CancellationToken cancellationToken) => Task.FromResult(false);

        public Task<bool> HoldsAsync(PortalDbContext db, Actor actor, CancellationToken cancellationToken) => Task.FromResult(true);
    }
}
