namespace AdminPortal.Web.Layout;

/// <summary>Reads the parts of a list's filter from a query, and remembers those that it cannot read.</summary>
internal sealed class FilterReader(Func<string, string?> read)
{
    private readonly List<string> unreadable = [];

    /// <summary>As they stand in the address, such as <c>state=foo</c>. A list that left them out would show more than was asked for.</summary>
    public IReadOnlyList<string> Unreadable => unreadable;

    public string? Text(string name) => read(name);

    public T? Value<T>(string name, Func<string?, T?> parse)
        where T : struct
    {
        var text = read(name);
        var value = text is null ? null : parse(text);
        if (text is not null && value is null)
        {
            unreadable.Add($"{name}={text}");
        }

        return value;
    }
}
