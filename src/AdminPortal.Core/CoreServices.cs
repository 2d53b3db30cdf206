using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Backups;
using AdminPortal.Core.Bulk;
using AdminPortal.Core.Deployments;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Housekeeping;
using AdminPortal.Core.Introspection;
using AdminPortal.Core.Jobs;
using AdminPortal.Core.Mail;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Monitoring;
using AdminPortal.Core.Notices;
using AdminPortal.Core.OperatorNotices;
using AdminPortal.Core.Overview;
using AdminPortal.Core.Pairing;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Policies;
using AdminPortal.Core.Runs;
using AdminPortal.Core.SampleData;
using AdminPortal.Core.Scim;
using AdminPortal.Core.Search;
using AdminPortal.Core.ServiceKeys;
using AdminPortal.Core.Sync;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Users;
using AdminPortal.Core.Verification;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core;

/// <summary>Registers what the portal does, feature by feature. HTTP and pages are added by the host.</summary>
public static class CoreServices
{
    public static IServiceCollection AddPortalCore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddTargets();
        services.AddAccounts();
        services.AddDevices();
        services.AddViews();
        services.AddPairing();
        services.AddHousekeeping();
        services.AddMonitoring();
        services.AddJobs();
        services.AddIntrospection();
        services.AddMail();
        services.AddNotices();
        services.AddOperatorNotices();
        services.AddRuns();
        services.AddBulk();
        services.AddMigrations();
        services.AddDeployments();
        services.AddBackups();
        services.AddVerification();
        services.AddSync();
        services.AddSingleton<SampleDataSet>();
        services.AddSingleton<SampleCrowd>();
        return services;
    }

    private static void AddTargets(this IServiceCollection services)
    {
        services.AddOptions<PortalOptions>().BindConfiguration(PortalOptions.Section).ValidateOnStart();
        services.PostConfigure<PortalOptions>(static portal =>
        {
            foreach (var target in portal.Targets.Values)
            {
                (target.ConnectionString, target.OwnerConnectionString) = (ConnectionText.Normalized(target.ConnectionString), ConnectionText.OrNone(target.OwnerConnectionString));
            }
        });
        services.AddSingleton<IValidateOptions<PortalOptions>, PortalOptionsValidator>();
        services.AddSingleton<DeviceDatabases>();
        services.AddSingleton<TargetAccess>();
        services.AddSingleton<TargetStrings>();
        services.AddHostedService<TargetStringsStart>();
        services.AddHostedService<TargetTypes>();
        services.AddSingleton<KnownTargets>();
        services.AddSingleton<TargetList>();
        services.AddSingleton<IDbContextFactory<DeviceDbContext>>(provider => provider.GetRequiredService<DeviceDatabases>());
    }

    private static void AddDevices(this IServiceCollection services)
    {
        services.AddSingleton<DeviceChanges>();
        services.AddHostedService<DeviceChangeListener>();
        services.AddSingleton<DeviceActs>();
        services.AddSingleton<DeviceRenewals>();
        services.AddSingleton<DevicesSincePassword>();
        services.AddSingleton<IAccountDevices, AccountDevices>();
        services.AddSingleton<DeviceStreams>();
        services.AddHostedService<DeviceStreamKeeper>();
        services.AddSingleton<DeadTokenCalls>();
        services.AddHostedService(provider => provider.GetRequiredService<DeadTokenCalls>());
        services.AddSingleton<DeviceTokens>();
        services.AddSingleton<PairedDevices>();
        services.AddSingleton<PermissionActs>();
        services.AddSingleton<PermissionRequests>();
        services.AddSingleton<PermissionDecisions>();
        services.AddSingleton<PermissionExtensions>();
        services.AddSingleton<PermissionQueue>();
        services.AddSingleton<PolicyList>();
        services.AddSingleton<PolicyActs>();
        services.AddSingleton<PolicySimulator>();
        services.AddOptions<PolicyOptions>().BindConfiguration(PolicyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PolicyRun>();
        services.AddSingleton<PolicyTakeBack>();
        services.AddHostedService<AnsweringWatch>();
        services.AddSingleton<ExpiringGrants>();
    }

    /// <summary>What the pages read.</summary>
    private static void AddViews(this IServiceCollection services)
    {
        services.AddSingleton<DeviceList>();
        services.AddSingleton<DeviceDetails>();
        services.AddSingleton<UserList>();
        services.AddSingleton<UserDetails>();
        services.AddSingleton<PortalOverview>();
        services.AddSingleton<PortalTasks>();
        services.AddSingleton<OverviewTasks>();
        services.AddSingleton<FirstDays>();
        services.AddSingleton<OwnDevices>();
        services.AddSingleton<NewestProblems>();
        services.AddSingleton<ActivityList>();
        services.AddSingleton<NearWords>();
        services.AddSingleton<PortalSearch>();
    }

    /// <summary>What services ask.</summary>
    private static void AddIntrospection(this IServiceCollection services)
    {
        services.AddSingleton<ServiceKeyRegister>();
        services.AddSingleton<DirectoryKeyRegister>();
        services.AddSingleton<ScimUsers>();
        services.AddSingleton<TokenIntrospection>();
    }

    private static void AddPairing(this IServiceCollection services)
    {
        services.AddOptions<PairingOptions>().BindConfiguration(PairingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PairingLimits>();
        services.AddSingleton<IShortCodeKey, ShortCodeKey>();
        services.AddSingleton<PairingCodes>();
        services.AddSingleton<PairingLinks>();
        services.AddSingleton<PairingClaims>();
        services.AddSingleton<PairingCollection>();
        services.AddSingleton<PairingConfirmation>();
    }
}
