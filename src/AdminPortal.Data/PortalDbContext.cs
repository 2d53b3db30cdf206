using AdminPortal.Data.Accounts;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Backups;
using AdminPortal.Data.Deployments;
using AdminPortal.Data.Hosts;
using AdminPortal.Data.Jobs;
using AdminPortal.Data.Mail;
using AdminPortal.Data.Migrations;
using AdminPortal.Data.Monitoring;
using AdminPortal.Data.Notices;
using AdminPortal.Data.Runs;
using AdminPortal.Data.Scim;
using AdminPortal.Data.Secrets;
using AdminPortal.Data.ServiceKeys;
using AdminPortal.Data.Targets;
using AdminPortal.Data.Verification;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;

namespace AdminPortal.Data;

/// <summary>
/// The portal's own database: accounts, audit, keys. Migrated at start-up, and independent of the managed databases,
/// so that the portal keeps working while one of those is down, locked or half-migrated.
/// </summary>
public sealed class PortalDbContext(DbContextOptions<PortalDbContext> options) : IdentityUserContext<Account>(options), IDataProtectionKeyContext
{
    public const string Schema = "portal";

    public DbSet<Account> Accounts => Users;
    public DbSet<AccountSession> AccountSessions => Set<AccountSession>();
    public DbSet<IdentityUserPasskey<string>> Passkeys => Set<IdentityUserPasskey<string>>();
    public DbSet<AccountLink> AccountLinks => Set<AccountLink>();
    public DbSet<DirectoryKey> DirectoryKeys => Set<DirectoryKey>();
    public DbSet<DirectoryUser> DirectoryUsers => Set<DirectoryUser>();
    public DbSet<SignInMiss> SignInMisses => Set<SignInMiss>();
    public DbSet<AuditEvent> AuditEvents => Set<AuditEvent>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();
    public DbSet<ServerSecret> ServerSecrets => Set<ServerSecret>();
    public DbSet<OperationRun> OperationRuns => Set<OperationRun>();
    public DbSet<RunStep> RunSteps => Set<RunStep>();
    public DbSet<RunLine> RunLines => Set<RunLine>();
    public DbSet<TargetMapping> TargetMappings => Set<TargetMapping>();
    public DbSet<KnownTarget> KnownTargets => Set<KnownTarget>();
    public DbSet<MigrationRecord> MigrationRecords => Set<MigrationRecord>();
    public DbSet<MigrationApproval> MigrationApprovals => Set<MigrationApproval>();
    public DbSet<Backup> Backups => Set<Backup>();
    public DbSet<VerificationRecord> Verifications => Set<VerificationRecord>();
    public DbSet<ChecklistNote> ChecklistNotes => Set<ChecklistNote>();
    public DbSet<JobRun> JobRuns => Set<JobRun>();
    public DbSet<FigureSample> FigureSamples => Set<FigureSample>();
    public DbSet<Notice> Notices => Set<Notice>();
    public DbSet<QueuedMail> Mails => Set<QueuedMail>();
    public DbSet<OperatorChoice> OperatorChoices => Set<OperatorChoice>();
    public DbSet<WebhookCall> WebhookCalls => Set<WebhookCall>();

    /// <summary>The tables of this database; every other configuration of the assembly belongs to managed databases.</summary>
    private static readonly HashSet<Type> Configurations =
    [
        typeof(AccountConfiguration), typeof(AccountSessionConfiguration), typeof(AccountPasskeyConfiguration), typeof(AccountLinkConfiguration), typeof(DirectoryKeyConfiguration), typeof(DirectoryUserConfiguration), typeof(SignInMissConfiguration), typeof(AuditEventConfiguration), typeof(AuditShippingStateConfiguration), typeof(DataProtectionKeyConfiguration), typeof(ServerSecretConfiguration),
        typeof(OperationRunConfiguration), typeof(RunStepConfiguration), typeof(RunLineConfiguration), typeof(JobRunConfiguration), typeof(NoticeConfiguration), typeof(OperatorChoiceConfiguration), typeof(WebhookCallConfiguration),
        typeof(KnownTargetConfiguration), typeof(TargetMappingConfiguration), typeof(MigrationRecordConfiguration), typeof(MigrationApprovalConfiguration), typeof(BackupConfiguration),
        typeof(VerificationRecordConfiguration), typeof(ChecklistNoteConfiguration), typeof(FigureSampleConfiguration), typeof(QueuedMailConfiguration),
    ];

    internal static bool IsPortalConfiguration(Type type) => Configurations.Contains(type);

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDefaultSchema(Schema);
        builder.Entity<IdentityUserClaim<string>>().ToTable("account_claims");
        builder.Entity<IdentityUserLogin<string>>().ToTable("account_logins");
        builder.Entity<IdentityUserToken<string>>().ToTable("account_tokens");
        builder.ApplyConfigurationsFromAssembly(typeof(PortalDbContext).Assembly, IsPortalConfiguration);
        builder.Entity<Account>().HasIndex(a => a.NormalizedEmail).IsUnique();
        PrismaNaming.Apply(builder);
        builder.HasDbFunction(() => DatabaseClock.Now()).HasStoreType("timestamp with time zone")
            .HasTranslation(_ => new SqlFunctionExpression("now", [], false, [], typeof(DateTimeOffset), new DateTimeOffsetTypeMapping("timestamp with time zone")));
    }
}
