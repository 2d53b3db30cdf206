using System.Globalization;
using Microsoft.AspNetCore.Identity;

namespace AdminPortal.Core.Accounts;

/// <summary>
/// The one form of an e-mail address by which accounts are found: <c>zoë@bücher.example</c> and <c>ZOË@xn--bcher-kva.example</c> are the
/// same. Browsers send one spelling, people and command lines the other.
/// </summary>
internal sealed class EmailNormalizer : ILookupNormalizer
{
    private static readonly IdnMapping Domains = new();

    public string? NormalizeName(string? name) => NormalizeEmail(name); // the user name is the e-mail address

    public string? NormalizeEmail(string? email)
    {
        if (email?.Normalize() is not { } text || text.LastIndexOf('@') is var at && at < 0)
        {
            return email?.Normalize().ToUpperInvariant();
        }

        return $"{text[..at]}@{Ascii(text[(at + 1)..])}".ToUpperInvariant();
    }

    private static string Ascii(string domain)
    {
        try
        {
            return Domains.GetAscii(domain.ToLowerInvariant());
        }
        catch (ArgumentException)
        {
            return domain; // no domain that mail could reach; whoever creates the account is told
        }
    }
}
