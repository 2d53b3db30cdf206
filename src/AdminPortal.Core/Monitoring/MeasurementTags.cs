namespace AdminPortal.Core.Monitoring;

/// <summary>Reads the tags of a measurement; null: it has none of that name, or of another type.</summary>
internal static class MeasurementTags
{
    public static string? Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string key) => Find(tags, key) as string;

    public static int? Number(ReadOnlySpan<KeyValuePair<string, object?>> tags, string key) => Find(tags, key) as int?;

    private static object? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags, string key)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == key)
            {
                return tag.Value;
            }
        }

        return null;
    }
}
