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

    /// <summary>Compared by what was known then. A host that does not say it any more says nothing against the person either: else all accounts would lose theirs at once.</summary>
    public static bool IsOf(string known, DateTime createdAt, string email) => known.StartsWith(Made, StringComparison.Ordinal) ? createdAt == Unknown || known == Of(createdAt, email)
        : !known.StartsWith(Email, StringComparison.Ordinal) || email.Length == 0 || known == Of(Unknown, email);
}
