using AdminPortal.Core.Hosts;
using AdminPortal.Core.Verification;

namespace AdminPortal.Core.Migrations;

/// <summary>The migrations of this build as one target gets them: what they run there, and what is there after them.</summary>
public sealed class MigrationSet
{
    private readonly MigrationScripts scripts;

    internal MigrationSet(MigrationScripts scripts, IReadOnlyList<MigrationScript> all, MigrationEffects effects, CatalogueManifest manifest, HostPeople? people) =>
        (this.scripts, All, Effects, Manifest, People) = (scripts, all, effects, manifest, people);

    /// <summary>In their order.</summary>
    public IReadOnlyList<MigrationScript> All { get; }

    /// <summary>Where the host has its people; null: in the guides' own table, which the portal makes where there is none.</summary>
    public HostPeople? People { get; }

    /// <summary>False: this host has nothing that syncs, and nothing of it is made there.</summary>
    public bool HasSync => People is null || People.Entities.Count > 0;

    /// <summary>The catalogue after them.</summary>
    public CatalogueManifest Manifest { get; }

    internal MigrationEffects Effects { get; }

    /// <summary>Makes EF's history where there is none.</summary>
    internal string HistoryTable => scripts.HistoryTable;

    public MigrationScript? Find(string id) => All.FirstOrDefault(m => m.Id == id);

    /// <summary>By id, or by the name that people type; null: this target gets none such.</summary>
    public MigrationScript? FindByName(string idOrName) => Find(idOrName) ?? All.FirstOrDefault(m => m.Name == idOrName);

    /// <summary>The applied ones of this build that are newer than <paramref name="to"/>, newest first; empty: all.</summary>
    internal IReadOnlyList<MigrationScript> Back(MigrationStatus.Known status, string to) =>
        [.. status.Migrations.Where(m => m.State == MigrationState.Applied && string.CompareOrdinal(m.Id, to) > 0).Reverse().Select(m => Find(m.Id)!)];

    internal string HistoryInsert(string id) => scripts.HistoryInsert(id);

    internal string HistoryDelete(string id) => scripts.HistoryDelete(id);
}
