using AdminPortal.Core.Hosts;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>The entities of one database, each behind those that it refers to.</summary>
internal sealed class SyncEntitySet(IReadOnlyList<SyncEntity> all, bool isCurrent = false)
{
    private readonly Dictionary<string, SyncEntity> byName = all.ToDictionary(e => e.Name, StringComparer.Ordinal);

    /// <summary>The guides' own tasks and focus sessions.</summary>
    public static SyncEntitySet OfTheGuides { get; } = new(
    [
        new("task", "public.tasks",
        [
            new("title", SyncFieldType.Text, IsRequired: true, Limit: 1_000),
            new("notes", SyncFieldType.Text, Limit: 50_000),
            new("status", SyncFieldType.Text, IsRequired: true, Limit: 50, Default: "open") { Choices = ["open", "in_progress", "done", "cancelled"] },
            new("dueAt", SyncFieldType.Time),
            new("completedAt", SyncFieldType.Time),
        ])
        {
            Constraints = Keys("tasks"),
        },
        new("focusSession", "public.focus_sessions",
        [
            new("taskId", SyncFieldType.Parent, Limit: 100) { Parent = "task" },
            new("startedAt", SyncFieldType.Time, IsRequired: true),
            new("endedAt", SyncFieldType.Time),
            new("durationSeconds", SyncFieldType.Number, IsRequired: true, Limit: 366 * 24 * 3600, Default: 0),
        ])
        {
            Rule = values => values.GetValueOrDefault("startedAt") is DateTime start && values.GetValueOrDefault("endedAt") is DateTime end && end < start ? "endedAt is before startedAt." : null,
            Constraints = Keys("focus_sessions"),
        },
    ]);

    public IReadOnlyList<SyncEntity> All { get; } = all;

    /// <summary>As they are said in a sentence: <c>task or focusSession</c>.</summary>
    public string Names => string.Join(" or ", All.Select(e => e.Name));

    /// <summary>True: the host declared them.</summary>
    public bool IsDeclared => All.Count == 0 || All[0].Columns.IsDeclared;

    /// <summary>True: it was read for this very call; what it lacks does not sync any more.</summary>
    public bool IsCurrent => isCurrent;

    public string[] NameList { get; } = [.. all.Select(e => e.Name)];

    public static SyncEntitySet Of(IEnumerable<HostEntity> declared) => new([.. declared.Select(SyncEntity.Of)]);

    public SyncEntitySet Current() => new(All, isCurrent: true);

    public SyncEntity? Find(string? name) => name is not null && byName.TryGetValue(name, out var entity) ? entity : null;

    private static Dictionary<string, IReadOnlyList<string>> Keys(string table) => new(StringComparer.Ordinal) { [$"{table}_clientId_key"] = [], [$"{table}_pkey"] = [] };
}
