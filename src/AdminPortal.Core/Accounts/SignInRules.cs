namespace AdminPortal.Core.Accounts;

/// <summary>The numbers of sign-in, in one place: pages and messages quote them.</summary>
public static class SignInRules
{
    public const int MinimumPasswordLength = 12;
    public const int MaximumPasswordLength = 256;

    /// <summary>How long a link to choose a new password lives; it also dies with its first use.</summary>
    public static TimeSpan ResetLink { get; } = TimeSpan.FromHours(1);

    /// <summary>How long after it was disabled an account's session may still be alive.</summary>
    public static TimeSpan Revalidation { get; } = TimeSpan.FromSeconds(30);
}
