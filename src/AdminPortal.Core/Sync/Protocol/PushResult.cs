using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>What became of one operation.</summary>
/// <param name="Status"><c>applied</c>, <c>merged</c> (others had changed other fields), <c>conflict</c> (see the row; what lost is kept) or <c>rejected</c> (see the problem).</param>
/// <param name="Replayed">True: it was answered before, and nothing was done again.</param>
/// <param name="Id">The row's id; null when there is none.</param>
/// <param name="Version">The row's version after this push; null when there is none.</param>
/// <param name="Row">As it is now, after a merge or conflict; null: as the operation wanted it, or gone.</param>
public sealed record PushResult(
    string OpId, [property: AllowedValues(PushResult.Applied, PushResult.Merged, PushResult.Conflict, PushResult.Rejected)] string Status, string? Id = null, string? ClientId = null, long? Version = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonObject? Row = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SyncProblem? Problem = null,
    [property: JsonPropertyOrder(-1)] bool Replayed = false)
{
    /// <summary>The operation's place in the push, from 0, where its <c>opId</c> is none (and empty here); else absent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Index { get; init; }

    /// <summary>Of a conflict: the values that lost, by field. Of the others that this operation overwrote, or its own where the row was deleted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? Lost { get; init; }

    /// <summary>How results are kept in the ledger: as the API writes them.</summary>
    internal static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public const string Applied = "applied";
    public const string Merged = "merged";
    public const string Conflict = "conflict";
    public const string Rejected = "rejected";
}
