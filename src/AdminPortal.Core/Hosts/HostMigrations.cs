using System.Text.RegularExpressions;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Verification;

namespace AdminPortal.Core.Hosts;

/// <summary>
/// The migrations as a host gets them whose people are mapped: nothing of the guides' users, tasks and sessions is made, what stands
/// on people stands on the host's table, and sync on the entities that it declared. They keep their ids and names.
/// </summary>
internal static partial class HostMigrations
{
    /// <summary>Finds people by an id that is no text; the guides' own table needs none.</summary>
    public const string ById = "20261122153300_add_people_id";

    /// <summary>Passes away with the guides' own backfill.</summary>
    private const string Progress = "sync.backfill";

    private static readonly string[] HostTables = ["public.users", "public.tasks", "public.focus_sessions"];

    public static MigrationSet Of(MigrationScripts scripts, HostPeople people)
    {
        var (sql, syncs) = (new PeopleSql(people), people.Entities.Count > 0);
        List<(MigrationScript Script, MigrationEffect Effect)> made = [];
        if (sql.ById is { } byId)
        {
            made.Add(Alone(ById, byId));
        }

        foreach (var script in scripts.All)
        {
            if (script.Name is "add_user_list_person" or "add_user_list_joined" or "add_user_list_words")
            {
                made.Add(Alone(script.Id, script.Name switch { "add_user_list_person" => sql.ByName, "add_user_list_joined" => sql.ByJoined, _ => sql.ByWords }));
            }
            else if (script.Name == "add_people_view")
            {
                made.Add(View(script, sql));
            }
            else if (script.Name is "add_device_pairing_models" or "add_mobile_sync_support")
            {
                made.Add(OnPeople(script, sql.Guard(script.Name == "add_device_pairing_models" ? "device_pairings" : "devices")));
            }
            else if (!IsTheGuides(script, syncs))
            {
                made.Add(syncs && MakesSync(script) ? OnEntities(script) : (script, MigrationEffects.Whole[script.Id]));
            }
        }

        if (syncs)
        {
            made.AddRange(EntitySql.Indexes(people.Entities).Select(index => Alone(index.Id, index.Index)));
            made.Add(EntitySql.Main(scripts, people.Entities));
            made.Add(EntitySql.First());
            made.Sort((a, b) => string.CompareOrdinal(a.Script.Id, b.Script.Id));
        }

        var ids = made.Select(m => m.Script.Id).ToHashSet(StringComparer.Ordinal);
        return new MigrationSet(
            scripts, [.. made.Select(m => m.Script)], new MigrationEffects(made.ToDictionary(m => m.Script.Id, m => m.Effect)),
            new CatalogueManifest([.. made.Select(m => m.Script.Id)], [.. CatalogueManifest.Current.Objects.Where(o => ids.Contains(o.Since) && !IsTheGuides(o.Entry, syncs)).SelectMany(o => syncs ? EntitySql.Expected(scripts, o) : [o])]), people);
    }

    /// <summary>A migration that works on nothing but the guides' tables of the host, and on sync where nothing syncs.</summary>
    private static bool IsTheGuides(MigrationScript script, bool syncs)
    {
        var effect = MigrationEffects.Whole[script.Id];
        return effect.Added.Count + effect.Removed.Count > 0
            ? effect.Added.Concat(effect.Removed).All(line => IsTheGuides(line, syncs))
            : script.Up.Any(s => (!syncs && s.Sql.Contains(" sync.", StringComparison.Ordinal)) || Array.Exists(HostTables, table => s.Sql.Contains(table, StringComparison.Ordinal)));
    }

    private static bool IsTheGuides(string text, bool syncs)
    {
        var line = CatalogueLine.Parse(text);
        return (line.Table is { } table && HostTables.Contains(table)) || line.Table == Progress || line.Name == Progress
            || (!syncs && (line.Name.StartsWith("sync.", StringComparison.Ordinal) || line.Table?.StartsWith("sync.", StringComparison.Ordinal) == true));
    }

    private static bool IsTheGuides(CatalogueObject found, bool syncs) => HostTables.Contains(found.TableTitle) || found.TableTitle == Progress || (found.Schema == "sync" && !syncs) || found.Detail("target") == "public.users";

    private static bool MakesSync(MigrationScript script) => MigrationEffects.Whole[script.Id].Added.Any(line => line.StartsWith("table sync.", StringComparison.Ordinal));

    /// <summary>The schema of sync without what stands on the guides' tasks and sessions; the entities come after it.</summary>
    private static (MigrationScript Script, MigrationEffect Effect) OnEntities(MigrationScript script)
    {
        var (up, down) = (WithoutTheGuides(script.Up), WithoutTheGuides(script.Down));
        var effect = MigrationEffects.Whole[script.Id];
        return (new MigrationScript(script.Id, MigrationScripts.Hash(up), up, down), effect with { Added = [.. effect.Added.Where(line => !IsTheGuides(line, syncs: true))] });
    }

    /// <summary>Bodies of functions stay as they are: nothing calls them, and the entities' come in their place.</summary>
    private static IReadOnlyList<MigrationStatement> WithoutTheGuides(IReadOnlyList<MigrationStatement> statements) =>
    [
        .. statements.Select(s => s.Sql.Contains("$$", StringComparison.Ordinal) ? s : s with
        {
            Sql = string.Join('\n', s.Sql.Split('\n').Where(line => !line.Contains(Progress, StringComparison.Ordinal) && !Array.Exists(HostTables, table => line.Contains(table, StringComparison.Ordinal)))),
        }).Where(s => !string.IsNullOrWhiteSpace(s.Sql)),
    ];

    private static (MigrationScript Script, MigrationEffect Effect) View(MigrationScript script, PeopleSql sql)
    {
        IReadOnlyList<MigrationStatement> up = sql.Synced is { } synced ? [new(synced.Create, InTransaction: true)] : [], down = sql.Synced is { } made ? [new(made.Drop, InTransaction: true)] : [];
        return With(script with { Up = up, Down = down }, new(sql.Synced?.Lines ?? [], []), [sql.View]);
    }

    /// <summary>Without what is the guides' own, and with what keeps its rows with the host's people.</summary>
    private static (MigrationScript Script, MigrationEffect Effect) OnPeople(MigrationScript script, IReadOnlyList<HostObject> guard)
    {
        var effect = MigrationEffects.Whole[script.Id];
        return With(
            script with { Up = Kept(script.Up), Down = Kept(script.Down) },
            new([.. effect.Added.Where(line => !IsTheGuides(line, syncs: false) && !line.Contains(" REFERENCES users(id)", StringComparison.Ordinal))], effect.Removed), guard);
    }

    private static IReadOnlyList<MigrationStatement> Kept(IReadOnlyList<MigrationStatement> statements) =>
        [.. statements.Where(s => !Array.Exists(HostTables, table => s.Sql.Contains($"TABLE {table} ", StringComparison.Ordinal))).Select(s => s with { Sql = ToUsers().Replace(s.Sql, "") })];

    private static (MigrationScript Script, MigrationEffect Effect) With(MigrationScript script, MigrationEffect effect, IReadOnlyList<HostObject> objects)
    {
        IReadOnlyList<MigrationStatement> up = [.. script.Up, .. objects.SelectMany(o => o.Up)];
        IReadOnlyList<MigrationStatement> down = [.. objects.Reverse().Where(o => o.Drop is not null).Select(o => new MigrationStatement(o.Drop!, InTransaction: true)), .. script.Down];
        return (new MigrationScript(script.Id, MigrationScripts.Hash(up), up, down), effect with { Added = [.. effect.Added, .. objects.Select(o => o.Marked)] });
    }

    private static (MigrationScript Script, MigrationEffect Effect) Alone(string id, HostObject index) => (
        new MigrationScript(id, MigrationScripts.Hash(index.Up), index.Up, [new MigrationStatement(index.Drop!, InTransaction: !index.Drop!.Contains("CONCURRENTLY", StringComparison.Ordinal))]),
        new MigrationEffect([index.Marked], []));

    /// <summary>The foreign key of the guides, as EF writes it into a table.</summary>
    [GeneratedRegex(""",\s*CONSTRAINT "\w+_userId_fkey" FOREIGN KEY \("userId"\) REFERENCES public\.users \(id\)[^\r\n,]*""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ToUsers();
}
