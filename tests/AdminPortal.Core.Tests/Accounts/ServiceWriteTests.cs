using System.Reflection;
using System.Runtime.CompilerServices;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;

namespace AdminPortal.Core.Tests.Accounts;

/// <summary>
/// Every method of the services that takes an actor asks for the actor's standing before anything else, or is known here to need it not.
/// A new one that is neither fails.
/// </summary>
public sealed class ServiceWriteTests
{
    /// <summary>They change nothing of what they tell; at most they record that they were asked.</summary>
    private static readonly string[] Reads =
    [
        "AccountDirectory.FindAsync", "AccountDirectory.FindByEmailAsync", "AccountDirectory.ListAsync", "AccountLinks.HoldsAsync", "AccountSessions.ListAsync", "AccountSessions.OfUserAsync", "AccountSessions.ProviderOfAsync", "AccountStanding.IsInGoodStandingAsync",
        "ActivityList.ListAsync", "AdminProposals.IsConfirmedAsync", "AlertList.ListAsync", "BackupList.FindAsync", "BackupList.ListAsync", "BulkPreviews.FindAsync",
        "ClientIdDuplicates.ListAsync", "DeploymentChecklists.ReadAsync", "DeploymentReports.ReadAsync", "DeviceActivity.ReadAsync",
        "DeviceDetails.FindAsync", "DirectoryKeyRegister.ListAsync", "DeviceList.ListAsync", "DeviceList.MatchingAsync", "DeviceList.OfUserAsync", "DeviceList.OfUsersAsync", "DevicesSincePassword.ReadAsync", "JobBoard.ListAsync", "JobBoard.PreviewAsync",
        "MailBoard.ListAsync", "WebhookBoard.ReadAsync",
        "FirstDays.ReadAsync", "FreshSignIn.MissingAsync", "FreshSignIn.ProofAsync", "HostLooks.LookAsync", "MigrationResolution.CompareAsync", "MinimumVersions.SimulateAsync", "MonitoringBoard.ReadAsync", "NearWords.FindAsync", "NewestProblems.ReadAsync", "NoticeInbox.CountUnreadAsync",
        "NoticeInbox.ListAsync", "NoticePreferences.FindAsync", "OperationRuns.FindAsync", "OperationRuns.ListAsync", "OperatorChoices.FindAsync", "OverviewTasks.ReadAsync", "OwnDevices.ReadAsync", "PairingConfirmation.FindAsync",
        "PairingConfirmation.FindWaitingAsync", "Passkeys.ListAsync", "PermissionQueue.EndingAsync", "PermissionQueue.RequestsAsync", "PolicyList.ExemptionsAsync",
        "PolicyList.FindAsync", "PolicyList.ListAsync", "PolicyList.ToldAsync", "PolicySimulator.SimulateAsync", "PolicyTakeBack.CountAsync", "PortalActivity.ReadAsync", "PortalOverview.ReadAsync",
        "PortalSearch.FindAsync", "ProviderConnections.ListAsync", "ReleaseLanes.ReadAsync", "RestoreImpacts.AskAsync", "RunJournals.ReadAsync", "ServiceKeyRegister.ListAsync", "SessionStanding.HoldsAsync", "SessionStanding.IsFreshAsync",
        "SessionStanding.IsAliveAsync", "SyncConsents.StateAsync", "SyncDetails.FindAsync", "SyncStatusList.CountAsync", "SyncStatusList.ListAsync",
        "SyncStatusList.OfDevicesAsync", "SyncStatusList.OfUserAsync", "SyncStatusList.WithVerdictsAsync", "SyncThresholdSettings.SimulateAsync", "SyncTraces.FindAsync", "TargetList.ReadAsync", "UserDetails.FindAsync",
        "UserList.FindAsync", "UserList.ListAsync", "VerificationBoard.FindAsync", "VerificationBoard.ListAsync",
    ];

    /// <summary>
    /// They work for one that asked, or for a run that was started by one that asked. The first and the start of a run ask again in their own
    /// transaction. Signing out is for those too whose session has ended.
    /// </summary>
    private static readonly string[] Parts =
    [
        "AccountChange.RunAsync", "AccountDeviceEndings.EndAsync", "AccountDevices.EndAllAsync", "AuditLog.WriteAsync", "BackupRemoval.RemoveAsync",
        "ConflictRestoring.RestoreAsync", "DeviceEndings.EndAsync", "DeviceQuarantines.ReleaseAsync", "DeviceQuarantines.SuspendAsync",
        "MigrationJournal.BeginAsync", "OperationRuns.StartAsync", "ScopeChanges.ExtendAsync", "ScopeChanges.RestoreAsync", "ScopeChanges.TakeAsync",
        "ScopeChanges.UnextendAsync", "SyncActs.FinishAsync", "AccountSessions.SignOutAsync", "SignInCheck.ConfirmAsync", "RefusedAttempts.NoteAsync",
    ];

    [Fact]
    public async Task EveryWrite_ByAnActorWithoutStanding_IsRefusedFirst()
    {
        var unasked = new List<string>();
        foreach (var method in Methods())
        {
            if (!await AsksFirstAsync(method))
            {
                unasked.Add(Name(method));
            }
        }

        Assert.Equal(string.Join('\n', Reads.Concat(Parts).Order(StringComparer.Ordinal)), string.Join('\n', unasked.Distinct().Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Methods_OfTheServices_AreFound() => Assert.InRange(Methods().Count(), 100, 400);

    /// <summary>What asks for standing, in the order of its name.</summary>
    internal static IEnumerable<MethodInfo> Writes() => Methods().Where(method => !Reads.Concat(Parts).Contains(Name(method))).OrderBy(Name, StringComparer.Ordinal);

    internal static string Name(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    private static IEnumerable<MethodInfo> Methods() =>
        from type in typeof(Actor).Assembly.GetTypes()
        where !type.IsInterface && !type.IsAbstract || type.IsSealed
        from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where (method.IsPublic || method.IsAssembly) && !method.IsSpecialName && !method.ContainsGenericParameters
            && !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !method.IsDefined(typeof(CompilerGeneratedAttribute))
            && typeof(Task).IsAssignableFrom(method.ReturnType) && method.GetParameters().Any(p => p.ParameterType == typeof(Actor))
        select method;

    private static Task<bool> AsksFirstAsync(MethodInfo method) => ThrowsFirstAsync<StandingLostException>(method, new Lost());

    /// <summary>The service has no database and no argument a value: whatever it does before it asks fails in another way.</summary>
    internal static async Task<bool> ThrowsFirstAsync<TException>(MethodInfo method, IActorStanding standing)
        where TException : Exception
    {
        var actor = new Actor("someone", "someone", AccountRole.Admin, "someone", null) { SessionId = "ended", Standing = standing };
        var arguments = method.GetParameters().Select(p =>
            p.ParameterType == typeof(Actor) ? actor : p.ParameterType.IsValueType ? Activator.CreateInstance(p.ParameterType) : null).ToArray();
        var service = method.IsStatic ? null : RuntimeHelpers.GetUninitializedObject(method.DeclaringType!);
        try
        {
            await (Task)method.Invoke(service, arguments)!;
            return false;
        }
        catch (TException)
        {
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private sealed class Lost : IActorStanding
    {
        public Task<bool> HoldsAsync(Actor actor, CancellationToken cancellationToken) => Task.FromResult(false);

        public Task<bool> IsFreshAsync(Actor actor, CancellationToken cancellationToken) => Task.FromResult(false);

        public Task<bool> HoldsAsync(PortalDbContext db, Actor actor, CancellationToken cancellationToken) => Task.FromResult(false);
    }
}
