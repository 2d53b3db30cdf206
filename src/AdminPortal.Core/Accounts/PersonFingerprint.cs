using System.Globalization;

namespace AdminPortal.Core.Accounts;

/// <summary>
/// By what a person is known again besides the id: when the host made them, or, where the host does not say, the e-mail address. A host
/// that gives neither leaves the id alone.
/// </summary>
internal static class PersonFingerprint
{
    private const string Made = "made ", Email = "email ", Bare = "id";
    private static readonly DateTime Unknown = DateTime.UnixEpoch; // what the view gives where the host does not say

    public static string Of(DateTime createdAt, string email) =>
        createdAt != Unknown ? Made + createdAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture)
        : email.Length > 0 ? Email + email.ToLowerInvariant()
        : Bare;

    /// <summary>Compared by what was known then.</summary>
    public static bool IsOf(string known, DateTime createdAt, string email) =>
        known == Bare || known == Of(known.StartsWith(Email, StringComparison.Ordinal) ? Unknown : createdAt, email);
}
