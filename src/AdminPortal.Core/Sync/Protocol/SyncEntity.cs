namespace AdminPortal.Core.Sync.Protocol;

/// <summary>What devices work on offline: its table and the fields that they may write. Limits are the API's, the columns have none.</summary>
internal sealed record SyncEntity(string Name, string Table, IReadOnlyList<SyncField> Fields)
{
    /// <summary>What its fields must be together: the field that is not, and why; null: all is well.</summary>
    public Func<IReadOnlyDictionary<string, object?>, string?> Rule { get; init; } = _ => null;

    public static SyncEntity Task { get; } = new("task", "public.tasks",
    [
        new("title", SyncFieldType.Text, IsRequired: true, Limit: 1_000),
        new("notes", SyncFieldType.Text, Limit: 50_000),
        new("status", SyncFieldType.Text, IsRequired: true, Limit: 50, Default: "open") { Choices = ["open", "in_progress", "done", "cancelled"] },
        new("dueAt", SyncFieldType.Time),
        new("completedAt", SyncFieldType.Time),
    ]);

    public static SyncEntity FocusSession { get; } = new("focusSession", "public.focus_sessions",
    [
        new("taskId", SyncFieldType.Task, Limit: 100),
        new("startedAt", SyncFieldType.Time, IsRequired: true),
        new("endedAt", SyncFieldType.Time),
        new("durationSeconds", SyncFieldType.Number, IsRequired: true, Limit: 366 * 24 * 3600, Default: 0),
    ])
    {
        Rule = values => values.GetValueOrDefault("startedAt") is DateTime start && values.GetValueOrDefault("endedAt") is DateTime end && end < start ? "endedAt is before startedAt." : null,
    };

    public static IReadOnlyList<SyncEntity> All { get; } = [Task, FocusSession];

    public SyncField? Field(string name) => Fields.FirstOrDefault(f => f.Name == name);

    public static SyncEntity? Find(string? name) => All.FirstOrDefault(e => e.Name == name);
}
