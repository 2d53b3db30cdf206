using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Hosts;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Hosts;

/// <summary>Looks at a database that a service already has, lets an admin choose where its people are, and records it.</summary>
public sealed partial class TakeOverPage
{
    private readonly MappingDraft draft = new();
    private IReadOnlyList<HostCandidate> found = [];
    private HostCandidate? shown;
    private bool busy;

    [Parameter] public string Target { get; set; } = "";

    [Inject] public required HostLooks Looks { get; set; }

    [Inject] public required HostMappings Mappings { get; set; }

    [Inject] public required TargetAccess Access { get; set; }

    [Inject] internal Messages Notices { get; set; } = null!;

    protected override string ViewKey => Target;

    private bool IsLooked => shown is not null && draft.ToMapping().Mapping is { } drawn && shown.Mapping.ToJson() == drawn.ToJson();

    protected override async Task<HostLook?> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Access.Find(Target) is not { } target)
        {
            return null;
        }

        var look = await Looks.LookAsync(actor, target, cancellationToken);
        found = look.Candidates;
        if (shown is null && (look.Recorded?.People.Mapping ?? (look.Candidates is [var likeliest, ..] ? likeliest.Mapping : null)) is { } first)
        {
            draft.Take(first);
            shown = look.Candidates.FirstOrDefault(c => c.Mapping.ToJson() == first.ToJson());
        }

        return look;
    }

    protected override bool Concerns(DeviceChange change) => false;

    private Task TakeAsync(PeopleMapping mapping)
    {
        draft.Take(mapping);
        return LookAsync();
    }

    private Task LookAsync() => GuardAsync(async () =>
    {
        var (mapping, problem) = draft.ToMapping();
        if (mapping is null || (problem ??= mapping.Problem()) is not null)
        {
            Notices.Warn(problem!);
            return;
        }

        var look = await Looks.LookAsync(Actor!, Access.Find(Target)!, mapping, Life);
        shown = look.Candidates is [var only, ..] ? only : null;
        if (look.Obstacle is { } obstacle)
        {
            Notices.Warn(obstacle);
        }
    });

    private Task RecordAsync() => GuardAsync(async () =>
    {
        switch (await Mappings.RecordAsync(Actor!, Access.Find(Target)!, draft.ToMapping().Mapping!, Life))
        {
            case MappingOutcome.Refused refused:
                Notices.Warn(string.Join(' ', refused.Reasons));
                break;
            default:
                Notices.Done("Recorded. The page Migrations shows what a deployment adds.");
                await ReloadAsync();
                break;
        }
    });

    private async Task GuardAsync(Func<Task> act)
    {
        if (busy)
        {
            return;
        }

        busy = true;
        try
        {
            await Notices.TryAsync(act);
        }
        finally
        {
            busy = false;
        }
    }

    /// <summary>What stands in the fields.</summary>
    private sealed class MappingDraft
    {
        public string Schema { get; set; } = "public";
        public string Table { get; set; } = "";
        public string Id { get; set; } = "";
        public string Email { get; set; } = "";
        public string Names { get; set; } = "";
        public string CreatedAt { get; set; } = "";

        /// <summary>The entities in JSON; empty: none.</summary>
        public string Entities { get; set; } = "";

        public void Take(PeopleMapping mapping) =>
            (Schema, Table, Id, Email, Names, CreatedAt, Entities) = (
                mapping.Schema, mapping.Table, mapping.Id, mapping.Email, string.Join(", ", mapping.Names), mapping.CreatedAt ?? "", mapping.Entities.Count == 0 ? "" : PeopleMapping.ToJson(mapping.Entities));

        public bool Syncs(string entity) => PeopleMapping.ParseEntities(Entities).Entities?.Any(e => e.Name == entity) == true;

        /// <summary>Adds an entity or takes it away; what was written by hand for the others stays.</summary>
        public void Sync(EntityMapping entity, bool isOn)
        {
            var others = (PeopleMapping.ParseEntities(Entities).Entities ?? []).Where(e => e.Name != entity.Name);
            IReadOnlyList<EntityMapping> now = [.. others, .. isOn ? [entity] : Array.Empty<EntityMapping>()];
            Entities = now.Count == 0 ? "" : PeopleMapping.ToJson(now);
        }

        /// <summary>Or what is wrong with the JSON.</summary>
        public (PeopleMapping? Mapping, string? Problem) ToMapping()
        {
            var (entities, problem) = PeopleMapping.ParseEntities(Entities);
            return entities is null ? (null, problem) : (new(
                Schema.Trim(), Table.Trim(), Id.Trim(), Email.Trim(), Names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), CreatedAt.Trim() is { Length: > 0 } created ? created : null,
                entities.Count == 0 ? null : entities), null);
        }
    }
}
