namespace AdminPortal.Core.Hosts;

/// <summary>A mapping in the configuration: <c>Portal:Targets:{name}:Mapping</c>. The keys are those of <see cref="PeopleMapping"/>.</summary>
public sealed class MappingOptions
{
    public string Schema { get; set; } = "public";
    public string Table { get; set; } = "";
    public string Id { get; set; } = "id";
    public string Email { get; set; } = "email";
    public IList<string> Name { get; } = [];
    public string? CreatedAt { get; set; }

    /// <summary>The tables that devices work on offline.</summary>
    public IList<EntityMapping> Sync { get; } = [];

    public PeopleMapping ToMapping() => new(Schema, Table, Id, Email, [.. Name], CreatedAt, Sync.Count == 0 ? null : [.. Sync]);
}
