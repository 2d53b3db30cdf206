using System.Globalization;

namespace AdminPortal.Core.Hosts;

/// <summary>A table that may hold a host's people.</summary>
/// <param name="References">How many other tables refer to it.</param>
/// <param name="IsNamedSo">Its name is one that such tables have.</param>
internal sealed record PeopleTable(string Schema, string Name, long Rows, long Bytes, long References, bool IsNamedSo)
{
    public IReadOnlyList<string> Reasons =>
    [
        .. IsNamedSo ? ["its name is one that tables of people have"] : Array.Empty<string>(),
        "it has a column of e-mail addresses",
        References == 1 ? "1 table refers to it" : string.Create(CultureInfo.InvariantCulture, $"{References} tables refer to it"),
        string.Create(CultureInfo.InvariantCulture, $"about {Rows:N0} rows, {Bytes / 1024.0 / 1024:N1} MB"),
    ];
}

/// <summary>Guesses by their names which columns of a table say who a person is.</summary>
internal static class Proposal
{
    private static readonly string[] Whole = ["name", "fullname", "displayname", "full_name", "realname"];
    private static readonly (string First, string Last)[] Pairs = [("firstname", "lastname"), ("givenname", "familyname"), ("givenname", "surname"), ("forename", "surname"), ("first", "last")];
    private static readonly string[] Other = ["username", "login", "nickname", "handle"];
    private static readonly string[] Created = ["createdat", "createdon", "created", "datejoined", "joinedat", "registeredat", "creationdate", "insertedat"];
    private static readonly string[] Texts = ["text", "varchar", "citext", "bpchar"];

    /// <summary>Null: nothing in it can be the id or the e-mail address.</summary>
    public static PeopleMapping? Of(PeopleTable table, IReadOnlyList<HostColumn> columns)
    {
        var id = columns.FirstOrDefault(c => c.IsUnique && Plain(c) == "id") ?? columns.FirstOrDefault(c => c.IsUnique && Plain(c).EndsWith("id", StringComparison.Ordinal) && c.IsRequired)
            ?? columns.FirstOrDefault(c => Plain(c) == "id") ?? columns.FirstOrDefault(c => c.IsUnique && c.IsRequired && !Plain(c).Contains("mail", StringComparison.Ordinal));
        var email = columns.FirstOrDefault(c => Texts.Contains(c.Type) && Plain(c) is "email" or "emailaddress" or "mail") ?? columns.FirstOrDefault(c => Texts.Contains(c.Type) && Plain(c).Contains("mail", StringComparison.Ordinal));
        return id is null || email is null ? null
            : new PeopleMapping(table.Schema, table.Name, id.Name, email.Name, Names(columns), columns.FirstOrDefault(c => Created.Contains(Plain(c)) && c.Type is "timestamp" or "timestamptz" or "date")?.Name);
    }

    private static IReadOnlyList<string> Names(IReadOnlyList<HostColumn> columns)
    {
        if (Find(Whole) is { } whole)
        {
            return [whole];
        }

        foreach (var (first, last) in Pairs)
        {
            if (Find([first]) is { } given && Find([last]) is { } family)
            {
                return [given, family];
            }
        }

        return Find(Other) is { } other ? [other] : [];

        string? Find(string[] names) => names.Select(name => columns.FirstOrDefault(c => Texts.Contains(c.Type) && Plain(c) == name)?.Name).OfType<string>().FirstOrDefault();
    }

    private static string Plain(HostColumn column) => column.Name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
}
