namespace AdminPortal.Core.Migrations;

/// <summary>A line of <see cref="CatalogueLines"/>, taken apart.</summary>
/// <param name="Kind">Such as <c>table</c>, <c>column</c>, <c>index</c>.</param>
/// <param name="Name">With its schema: <c>public.users.email</c>, <c>public.users_email_key</c>, <c>sync.stamp(person text)</c>.</param>
/// <param name="Table">The table that it belongs to, with its schema; null: it is none's.</param>
internal sealed record CatalogueLine(string Kind, string Name, string? Table)
{
    /// <summary>Equal for two definitions of one name.</summary>
    public string Identity => $"{Kind} {Name}";

    public static CatalogueLine Parse(string line)
    {
        var kind = line[..line.IndexOf(' ', StringComparison.Ordinal)];
        var rest = line[(kind.Length + 1)..];
        switch (kind)
        {
            case "column":
                {
                    var name = rest[..rest.IndexOf(' ', StringComparison.Ordinal)];
                    return new(kind, name, name[..name.LastIndexOf('.')]);
                }

            case "constraint":
                {
                    var name = rest[..rest.IndexOf(": ", StringComparison.Ordinal)];
                    return new(kind, name, name[..name.LastIndexOf('.')]);
                }

            case "index":
                {
                    var words = rest.Split(' ');
                    var at = Array.IndexOf(words, "INDEX");
                    var table = Plain(words[Array.IndexOf(words, "ON") + 1] is "ONLY" ? words[Array.IndexOf(words, "ON") + 2] : words[Array.IndexOf(words, "ON") + 1]);
                    return new(kind, $"{table.Split('.')[0]}.{Plain(words[at + 1])}", table);
                }

            case "trigger":
                {
                    var words = rest.Split(' ');
                    var table = Plain(words[Array.IndexOf(words, "ON") + 1]);
                    return new(kind, $"{table}.{Plain(words[Array.IndexOf(words, "TRIGGER") + 1])}", table);
                }

            case "view":
                {
                    var name = rest.Split(' ')[0];
                    return new(kind, name, name);
                }

            case "enum":
                return new(kind, rest[..rest.IndexOf(':', StringComparison.Ordinal)], null);
            default:
                return new(kind, rest, kind == "table" ? rest : null);
        }
    }

    private static string Plain(string name) => name.Replace("\"", "", StringComparison.Ordinal);
}
