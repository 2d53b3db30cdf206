using AdminPortal.Core.Activity;
using AdminPortal.Core.Mail;
using AdminPortal.Core.Secrets;
using AdminPortal.Core.SignInProviders;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Accounts;

/// <summary>Registers accounts and what they stand on: the portal's own database, its keys, the audit log.</summary>
internal static class AccountsFeature
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddPortalDatabase();
        services.AddKeys();
        services.AddIdentity();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<RefusedAttempts>();
        services.AddOptions<AuditOptions>().BindConfiguration(AuditOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuditOptions>, AuditOptionsValidator>();
        services.AddSingleton<IAuditSink, AuditFile>();
        services.AddSingleton<AuditShipping>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditShipping>());
        services.AddOptions<SignInOptions>().BindConfiguration(SignInOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<SignInOptions>, SignInOptionsValidator>();
        services.AddOptions<TwoPersonOptions>().BindConfiguration(TwoPersonOptions.Section).ValidateOnStart();
        services.AddSingleton<AdminProposals>();
        services.AddSingleton<PasswordRule>();
        services.AddSingleton<ProviderSignIn>();
        services.AddSingleton<ProviderConnections>();
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton<SignInCheck>();
        services.AddSingleton<FreshSignIn>();
        services.AddSingleton<ResetLinks>();
        services.AddSingleton<AccountLinks>();
        services.AddHostedService<AccountLinkWatch>();
        services.AddSingleton<AccountDeviceEndings>();
        services.AddSingleton<AccountStanding>();
        services.AddOptions<AccountSessionOptions>().BindConfiguration(AccountSessionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<AccountSessionOptions>, AccountSessionOptionsValidator>();
        services.AddSingleton<AccountSessionChanges>();
        services.AddSingleton<SessionStanding>();
        services.AddSingleton<IActorStanding>(provider => provider.GetRequiredService<SessionStanding>());
        services.AddSingleton<AccountSessions>();
        services.AddHostedService<AccountSessionListener>();
        services.AddSingleton<AccountDirectory>();
        services.AddSingleton<PeopleByEmail>();
        services.AddSingleton<AccountService>();
        services.AddSingleton<OwnAccount>();
        services.AddSingleton<FirstAdmin>();
        services.TryAddSingleton(new FirstPasswordFile(Path: null));
        services.AddSingleton<SecondFactors>();
        services.AddSingleton<Passkeys>();
        services.AddSingleton<ForgottenPasswords>();
        services.AddSingleton<IMailKind, ResetLetters>();
        services.AddHostedService<PendingDeviceEndings>();
        return services;
    }

    private static void AddPortalDatabase(this IServiceCollection services)
    {
        services.AddOptions<PortalConnections>().BindConfiguration(PortalConnections.Section).ValidateOnStart();
        services.PostConfigure<PortalConnections>(static strings => (strings.Portal, strings.PortalOwner) = (ConnectionText.Normalized(strings.Portal), ConnectionText.OrNone(strings.PortalOwner)));
        services.AddSingleton<IValidateOptions<PortalConnections>, PortalConnectionsValidator>();
        services.AddSingleton<PortalDatabase>();
        services.AddSingleton<ManagedDatabase>();
        services.AddHostedService<PortalDatabaseStart>();
        services.AddDbContextFactory<PortalDbContext>((provider, options) =>
            options.UsePortalDatabase(provider.GetRequiredService<PortalDatabase>().DataSource));
    }

    private static void AddKeys(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("AdminPortal").PersistKeysToDbContext<PortalDbContext>();
        services.AddSingleton<ServerSecrets>();
        services.AddHostedService<KeyRingStart>(); // after the database's own start
    }

    private static void AddIdentity(this IServiceCollection services)
    {
        services.AddSingleton<ILookupNormalizer, EmailNormalizer>(); // before Identity's own
        services.AddIdentityCore<Account>(options =>
            {
                options.User.RequireUniqueEmail = true;
                options.User.AllowedUserNameCharacters = ""; // the user name is the e-mail address, which may hold any letter
                options.Password.RequiredLength = SignInRules.MinimumPasswordLength;
                options.Password.RequireDigit = false;
                options.Password.RequireLowercase = false;
                options.Password.RequireUppercase = false;
                options.Password.RequireNonAlphanumeric = false;
                options.Password.RequiredUniqueChars = 5;
            })
            .AddEntityFrameworkStores<PortalDbContext>()
            .AddDefaultTokenProviders()
            .AddClaimsPrincipalFactory<AccountPrincipalFactory>()
            .AddPasswordValidator<CommonPasswordValidator>();
        services.Configure<DataProtectionTokenProviderOptions>(options => options.TokenLifespan = SignInRules.ResetLink);
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = 210_000); // OWASP, PBKDF2 with SHA-512
    }
}
