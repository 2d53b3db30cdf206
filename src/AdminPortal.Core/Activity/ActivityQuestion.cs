using AdminPortal.Core.Lists;

namespace AdminPortal.Core.Activity;

/// <summary>A filter with its names looked up: what both sources are asked.</summary>
/// <param name="Actors">Ids to one of which the actor must be equal; null: anyone.</param>
/// <param name="Users">Ids in <c>users</c>; null: anyone's.</param>
/// <param name="Accounts">The accounts of those users.</param>
/// <param name="From">Not before; of a search never null.</param>
/// <param name="OfRunsOnce">A run is one line: what it did to each device is left out.</param>
/// <param name="Upwards">Read from older lines to newer ones.</param>
internal sealed record ActivityQuestion(
    ActivityFilter Filter, string[]? Actors, string[]? Users, string[] Accounts, DateTimeOffset? From, ActivityPlace? Place, bool Upwards, int Limit, bool OfRunsOnce = false)
{
    public string? Pattern => SearchText.Pattern(Filter.Search);

    /// <summary>The portal's words have a dot in them, those of devices have not.</summary>
    public bool Asks(ActivitySource source) => (Filter.Run is null || source == ActivitySource.Devices) && AsksForKind(source);

    private bool AsksForKind(ActivitySource source) => Filter.Kind is null || Filter.Kind.Contains('.', StringComparison.Ordinal) == (source == ActivitySource.Portal);
}
