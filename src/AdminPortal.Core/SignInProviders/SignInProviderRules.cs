using System.Text.RegularExpressions;

namespace AdminPortal.Core.SignInProviders;

/// <summary>What is wrong with the settings of a provider, in words that name the key and never the value of a secret.</summary>
internal static partial class SignInProviderRules
{
    private const int MostSkew = 600;

    public static IEnumerable<string> Faults(string name, SignInProviderOptions provider)
    {
        var key = $"SignIn:Providers:{name}";
        if (!Name().IsMatch(name))
        {
            yield return $"{key}: the name of a provider is part of addresses: small letters, digits and dashes, at most 32.";
        }

        if (!Uri.TryCreate(provider.Authority, UriKind.Absolute, out var authority) || authority.Scheme is not ("https" or "http"))
        {
            yield return $"{key}:Authority must be the provider's address, such as https://sso.example.org/realms/clinic.";
        }
        else if (authority is { Scheme: "http", IsLoopback: false })
        {
            yield return $"{key}:Authority must begin with https: who listens in could sign in as anybody. Plain http is for this machine only.";
        }

        if (string.IsNullOrWhiteSpace(provider.ClientId))
        {
            yield return $"{key}:ClientId is missing: the provider gives it out when the portal is registered there.";
        }

        if (provider.ClientSecretFile is { Length: > 0 } file && !File.Exists(file))
        {
            yield return $"{key}:ClientSecretFile names {file}, which is not there or cannot be read.";
        }

        if (provider is { ClientSecret.Length: > 0, ClientSecretFile.Length: > 0 })
        {
            yield return $"{key} has both ClientSecret and ClientSecretFile: keep one.";
        }

        if (!provider.Scopes.Split(' ').Contains("openid", StringComparer.Ordinal))
        {
            yield return $"{key}:Scopes must contain openid.";
        }

        if (provider is { CreateAccounts: true, Roles.Count: 0 })
        {
            yield return $"{key}:CreateAccounts needs {key}:Roles:VALUE = Admin, Support or User (VALUE * is everybody): new accounts get their role from there.";
        }

        if (provider.ClockSkewSeconds is < 0 or > MostSkew)
        {
            yield return $"{key}:ClockSkewSeconds must be between 0 and {MostSkew}.";
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,31}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
