using AdminPortal.Core.Activity;
using AdminPortal.Core.Jobs;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Backups;

/// <summary>Registers backups of the managed databases. The host fills in <see cref="BackupOptions.Folder"/>.</summary>
internal static class BackupsFeature
{
    public static IServiceCollection AddBackups(this IServiceCollection services)
    {
        services.AddOptions<BackupOptions>().BindConfiguration(BackupOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<BackupOptions>, BackupKeysValidator>();
        services.AddSingleton<BackupKeys>();
        services.AddSingleton<BackupFolder>();
        services.AddSingleton<PostgresTools>();
        services.AddSingleton<BackupRecords>();
        services.AddSingleton<BackupFiles>();
        services.AddSingleton<BackupRemoval>();
        services.AddSingleton<DumpWriter>();
        services.AddSingleton<ScratchDatabases>();
        services.AddSingleton<BackupProving>();
        services.AddSingleton<BackupRestoring>();
        services.AddSingleton<DatabaseSwap>();
        services.AddSingleton<IRunWork, BackupWork>();
        services.AddSingleton<IPortalJob, BackupsJob>();
        services.AddSingleton<IPortalJob, NightlyBackupsJob>();
        services.AddSingleton<TargetReloads>();
        services.AddHostedService(provider => provider.GetRequiredService<TargetReloads>());
        return services.AddPublic();
    }

    /// <summary>What others may ask for; their parts are the feature's own.</summary>
    private static IServiceCollection AddPublic(this IServiceCollection services)
    {
        services.AddSingleton(provider => new BackupTaking(
            Get<TargetAccess>(provider), Get<PostgresTools>(provider), Get<BackupFolder>(provider), Get<BackupKeys>(provider), Get<DumpWriter>(provider), Get<BackupRecords>(provider), Get<TimeProvider>(provider)));
        services.AddSingleton(provider => new BackupActs(
            Get<TargetAccess>(provider), Get<OperationRuns>(provider), Get<BackupRecords>(provider), Get<BackupRemoval>(provider), Get<BackupKeys>(provider), Get<IDbContextFactory<PortalDbContext>>(provider)));
        services.AddSingleton(provider => new BackupList(Get<IDbContextFactory<PortalDbContext>>(provider), Get<TargetAccess>(provider), Get<IOptions<BackupOptions>>(provider)));
        services.AddSingleton(provider => new BackupDownloads(Get<BackupRecords>(provider), Get<BackupFiles>(provider), Get<BackupFolder>(provider), Get<AuditLog>(provider)));
        services.AddSingleton(provider => new RestoreImpacts(Get<TargetAccess>(provider), Get<BackupRecords>(provider), Get<TimeProvider>(provider)));
        return services;
    }

    private static T Get<T>(IServiceProvider provider)
        where T : notnull => provider.GetRequiredService<T>();
}
