using System.Globalization;
using System.Text.RegularExpressions;

namespace AdminPortal.Core.Backups;

/// <summary>One object of a dump, as pg_restore lists it, with the SQL that makes it.</summary>
/// <param name="Id">Its number in the file; null: it was not read from a file.</param>
/// <param name="Type">Such as <c>TABLE</c>, <c>ACL</c>, <c>EVENT TRIGGER</c>.</param>
/// <param name="Owner">The role; empty: it has none.</param>
internal sealed partial record DumpEntry(int? Id, string Type, string Schema, string Name, string Owner, string Sql)
{
    /// <summary>As people say it: <c>table public.users</c>, <c>grants on table users</c>.</summary>
    public string Title => Type switch
    {
        "ACL" => $"grants on {Lower(Name)}",
        "DEFAULT ACL" => $"{Lower(Name)} of {Owner}",
        "COMMENT" => $"the comment on {Lower(Name)}",
        _ => $"{Type.ToLowerInvariant()} {(Schema.Length > 0 ? $"{Schema}." : "")}{Name}",
    };

    /// <summary>The same object in another dump has the same one.</summary>
    public string Key => string.Join('\n', Type, Schema, Name, Type == "DEFAULT ACL" ? Owner : "");

    /// <summary>The command that gives it to its owner; null: there is none.</summary>
    public string? GivesOwner => Owner.Length == 0
        ? null
        : Sql.Split('\n').LastOrDefault(line => line.StartsWith("ALTER ", StringComparison.Ordinal)
            && (line.EndsWith($" OWNER TO {Owner};", StringComparison.Ordinal) || line.EndsWith($" OWNER TO {TargetServer.Quote(Owner)};", StringComparison.Ordinal)));

    /// <summary>The role must be one that the owner's role may act for. The database's owner is whoever owns the restored one.</summary>
    public bool HasOwnerOfItsOwn => (GivesOwner is not null || Type == "DEFAULT ACL") && Owner != "pg_database_owner";

    /// <summary>
    /// The same object of the same owner; what says who may do what, by the same SQL too. The text of others is not compared:
    /// the server writes some expressions differently once they were read again.
    /// </summary>
    public bool IsSameAs(DumpEntry other) => Key == other.Key && Owner == other.Owner
        && (Type is not ("ACL" or "DEFAULT ACL" or "COMMENT" or "EVENT TRIGGER" or "PUBLICATION" or "ROW SECURITY")
            || Sql.Split('\n').ToHashSet(StringComparer.Ordinal).SetEquals(other.Sql.Split('\n'))); // the order of grants means nothing

    /// <summary>From the script that pg_dump or pg_restore writes; with <c>--verbose</c> it has the numbers too.</summary>
    public static IReadOnlyList<DumpEntry> Parse(string script)
    {
        List<DumpEntry> entries = [];
        var lines = script.Split('\n');
        var (head, begin, id) = ((Match?)null, 0, (int?)null);
        for (var i = 1; i < lines.Length; i++)
        {
            if (Head().Match(lines[i]) is { Success: true } found && lines[i - 1].StartsWith("--", StringComparison.Ordinal))
            {
                Add(i);
                (head, begin, id) = (found, i + 1, NumberBefore(lines, i));
            }
        }

        Add(lines.Length);
        return entries;

        void Add(int end)
        {
            if (head is not null)
            {
                // Settings stand between objects and depend on what stood before them; lines of "--" belong to the next heading.
                var sql = lines[begin..end].Where(line => !line.StartsWith("--", StringComparison.Ordinal) && !line.StartsWith("SET default_", StringComparison.Ordinal) && !line.StartsWith('\\'));
                entries.Add(new DumpEntry(id, head.Groups["type"].Value, Blank(head.Groups["schema"].Value), head.Groups["name"].Value, Blank(head.Groups["owner"].Value), string.Join('\n', sql).Trim('\n')));
            }
        }
    }

    /// <summary>A heading begins with an empty comment; the number stands between that and the name.</summary>
    private static int? NumberBefore(string[] lines, int head)
    {
        for (var i = head - 1; i >= 0 && lines[i].StartsWith("-- ", StringComparison.Ordinal); i--)
        {
            if (Number().Match(lines[i]) is { Success: true } match)
            {
                return int.Parse(match.Groups["id"].ValueSpan, CultureInfo.InvariantCulture);
            }
        }

        return null;
    }

    private static string Blank(string text) => text == "-" ? "" : text;

    /// <summary>The words of the type, which stand before a name, in small letters.</summary>
    private static string Lower(string title) => string.Join(' ', title.Split(' ').Select((word, i) => i < title.Split(' ').Length - 1 ? word.ToLowerInvariant() : word));

    [GeneratedRegex("^-- Name: (?<name>.*); Type: (?<type>[^;]*); Schema: (?<schema>.*?); Owner: (?<owner>.*?)(; Tablespace: .*)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Head();

    [GeneratedRegex(@"^-- TOC entry (?<id>\d+) ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
