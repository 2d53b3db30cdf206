using System.Text.Json;
using System.Text.Json.Serialization;

namespace AdminPortal.Core.Hosts;

/// <summary>A mapping with what the catalogue said of its columns when it was accepted; what the migrations of this host are made from.</summary>
/// <param name="IdType">As <c>format_type</c> writes it, without its length: <c>text</c>, <c>character varying</c>, <c>uuid</c>, <c>integer</c>, <c>bigint</c>.</param>
/// <param name="CreatedType"><c>timestamp</c>, <c>timestamptz</c> or <c>date</c>; null: the host has none.</param>
/// <param name="IsPartitioned">True: indexes cannot be made concurrently there.</param>
/// <param name="Sync">The entities with what the catalogue said of their tables; null: none.</param>
/// <param name="Foreign">Columns whose texts are sorted otherwise than the database's.</param>
public sealed record HostPeople(PeopleMapping Mapping, string IdType, string? CreatedType, bool IsPartitioned, IReadOnlyList<string> Foreign, IReadOnlyList<HostEntity>? Sync = null)
{
    /// <summary>What devices sync, each behind those that it refers to; empty: nothing.</summary>
    [JsonIgnore]
    public IReadOnlyList<HostEntity> Entities => Sync ?? [];

    /// <summary>True: a foreign key to the host's table is possible. Otherwise triggers do what it does.</summary>
    public bool HasTextId => IdType is "text" or "character varying";

    public string ToJson() => JsonSerializer.Serialize(this);

    public static HostPeople Parse(string json) => JsonSerializer.Deserialize<HostPeople>(json)!;
}
