using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace AdminPortal.Core.Hosts;

/// <summary>A table of a host that devices work on offline.</summary>
/// <param name="Name">As the API calls it, such as <c>task</c>: letters and digits, a small letter first.</param>
/// <param name="Schema">Of the table, as the catalogue writes it.</param>
/// <param name="Table">As the catalogue writes it, in any case.</param>
/// <param name="Owner">The column with the id of the person whose row it is.</param>
/// <param name="Fields">What devices get, in the order in which they are listed.</param>
/// <param name="Id">The column of its primary key: text, varchar, uuid, integer or bigint.</param>
/// <param name="ClientId">The column for the id that a device gave a row; null: the portal keeps it beside the table.</param>
/// <param name="DeletedAt">The column that is set when a row is deleted; null: rows are deleted for good.</param>
/// <param name="CreatedAt">Set to now when a device creates a row; null: none.</param>
/// <param name="UpdatedAt">Set to now with everything that a device writes; null: none.</param>
public sealed partial record EntityMapping(
    [property: JsonRequired] string Name, [property: JsonRequired] string Schema, [property: JsonRequired] string Table, [property: JsonRequired] string Owner,
    [property: JsonRequired] IReadOnlyList<FieldMapping> Fields, string Id = "id", string? ClientId = null, string? DeletedAt = null, string? CreatedAt = null, string? UpdatedAt = null)
{
    /// <summary>Of one target.</summary>
    public const int Most = 50;

    private const int MostFields = 100;

    /// <summary>As people write it: <c>public.tasks</c>.</summary>
    [JsonIgnore]
    public string Title => $"{Schema}.{Table}";

    /// <summary>What is wrong with some of them together; null: nothing.</summary>
    public static string? Problem(IReadOnlyList<EntityMapping> all)
    {
        var names = all.Select(e => e.Name).ToList();
        return all.Count > Most ? $"A host has at most {Most} entities."
            : names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Skip(1).Any()) is { } twice ? $"Two entities are called {twice.Key}."
            : all.GroupBy(e => e.Title).FirstOrDefault(g => g.Skip(1).Any()) is { } shared ? $"{shared.Key} is the table of two entities."
            : all.Select(e => e.Problem(names)).FirstOrDefault(problem => problem is not null)
            ?? (InOrder(all) is null ? "The entities refer to each other in a circle: leave one of the parents out." : null);
    }

    /// <summary>Each behind those that it refers to; null: they refer to each other in a circle.</summary>
    internal static IReadOnlyList<EntityMapping>? InOrder(IReadOnlyList<EntityMapping> all)
    {
        List<EntityMapping> ordered = [];
        while (ordered.Count < all.Count)
        {
            var next = all.Except(ordered).Where(e => e.Fields.All(f => f.Parent is null || f.Parent == e.Name || ordered.Exists(o => o.Name == f.Parent))).ToList();
            if (next.Count == 0)
            {
                return null;
            }

            ordered.AddRange(next);
        }

        return ordered;
    }

    private string? Problem(IReadOnlyList<string> entities)
    {
        foreach (var (key, value) in new[] { ("schema", Schema), ("table", Table), ("id", Id), ("owner", Owner) })
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                return $"The entity {Name} names no {key}.";
            }
        }

        return !EntityName().IsMatch(Name) ? $"“{Name}” is no name of an entity: letters and digits, a small letter first, at most 30."
            : Schema is "portal" or "sync" or "information_schema" || Schema.StartsWith("pg_", StringComparison.Ordinal) ? $"The schema {Schema} holds nothing of a host that syncs."
            : Fields.Count is 0 or > MostFields ? $"The entity {Name} needs fields, at most {MostFields}."
            : Fields.FirstOrDefault(f => !FieldName().IsMatch(f.Name ?? "")) is { } odd ? $"“{odd.Name}” is no name of a field of {Name}: letters, digits and _, a letter first, at most 50; and not id, clientId or owner."
            : Fields.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Skip(1).Any()) is { } twice ? $"Two fields of {Name} are called {twice.Key}."
            : Fields.Where(f => !f.ReadOnly).GroupBy(f => f.Source, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any()) is { } shared ? $"{shared.Key} is the column of two fields of {Name}: make one of them readOnly."
            : Fields.FirstOrDefault(f => !f.ReadOnly && new[] { Id, Owner, ClientId, DeletedAt, CreatedAt, UpdatedAt }.Contains(f.Source)) is { } own ? $"{own.Source} is written by the portal: {Name}.{own.Name} must be readOnly."
            : Fields.FirstOrDefault(f => f.Parent is { } parent && !entities.Contains(parent)) is { } lost ? $"{Name}.{lost.Name} refers to {lost.Parent}, which is no entity of this mapping."
            : Fields.FirstOrDefault(f => f.Parent is not null && f.Stem is null) is { } stem ? $"{Name}.{stem.Name} refers to another entity: its name must end with Id, such as taskId."
            : null;
    }

    [GeneratedRegex("^[a-z][A-Za-z0-9]{0,29}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex EntityName();

    [GeneratedRegex("^(?!(?i:id|clientId|owner)$)[A-Za-z][A-Za-z0-9_]{0,49}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FieldName();
}

/// <summary>A field of an entity.</summary>
/// <param name="Name">As the API calls it.</param>
/// <param name="Column">Of the table; null: called as the field.</param>
/// <param name="ReadOnly">True: devices get it, and may not write it.</param>
/// <param name="Required">True: a device that creates a row brings it, although the table would not ask.</param>
/// <param name="Parent">The entity whose row the field names by its id; null: none.</param>
public sealed record FieldMapping(
    [property: JsonRequired] string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Column = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool ReadOnly = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Required = false, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Parent = null)
{
    /// <summary>Of the table.</summary>
    [JsonIgnore]
    public string Source => Column ?? Name;

    /// <summary>Of <c>taskId</c> it is <c>task</c>: the parent may be named by <c>taskClientId</c>. Null: there is none.</summary>
    [JsonIgnore]
    public string? Stem => Name is { Length: > 2 } && Name.EndsWith("Id", StringComparison.Ordinal) ? Name[..^2] : null;
}
