using System.Text.RegularExpressions;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Verification;

namespace AdminPortal.Core.Hosts;

/// <summary>
/// The migrations as a host gets them whose people are mapped: nothing of the guides' users, tasks and sessions is made, and what stands
/// on people stands on the host's table. They keep their ids and names.
/// </summary>
internal static partial class HostMigrations
{
    /// <summary>Finds people by an id that is no text; the guides' own table needs none.</summary>
    public const string ById = "20261122153300_add_people_id";

    private static readonly string[] HostTables = ["public.users", "public.tasks", "public.focus_sessions"];

    public static MigrationSet Of(MigrationScripts scripts, HostPeople people)
    {
        var sql = new PeopleSql(people);
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
                made.Add(With(script with { Up = [], Down = [] }, new([], []), [sql.View]));
            }
            else if (script.Name is "add_device_pairing_models" or "add_mobile_sync_support")
            {
                made.Add(OnPeople(script, sql.Guard(script.Name == "add_device_pairing_models" ? "device_pairings" : "devices")));
            }
            else if (!IsTheGuides(script))
            {
                made.Add((script, MigrationEffects.Whole[script.Id]));
            }
        }

        var ids = made.Select(m => m.Script.Id).ToHashSet(StringComparer.Ordinal);
        return new MigrationSet(
            scripts, [.. made.Select(m => m.Script)], new MigrationEffects(made.ToDictionary(m => m.Script.Id, m => m.Effect)),
            new CatalogueManifest([.. made.Select(m => m.Script.Id)], [.. CatalogueManifest.Current.Objects.Where(o => ids.Contains(o.Since) && !IsTheGuides(o.Entry))]), people);
    }

    /// <summary>A migration that works on nothing but the guides' tables of the host, and on sync.</summary>
    private static bool IsTheGuides(MigrationScript script)
    {
        var effect = MigrationEffects.Whole[script.Id];
        return effect.Added.Count + effect.Removed.Count > 0
            ? effect.Added.Concat(effect.Removed).All(IsTheGuides)
            : script.Up.Any(s => s.Sql.Contains(" sync.", StringComparison.Ordinal) || Array.Exists(HostTables, table => s.Sql.Contains(table, StringComparison.Ordinal)));
    }

    private static bool IsTheGuides(string text)
    {
        var line = CatalogueLine.Parse(text);
        return (line.Table is { } table && HostTables.Contains(table)) || line.Name.StartsWith("sync.", StringComparison.Ordinal) || line.Table?.StartsWith("sync.", StringComparison.Ordinal) == true;
    }

    private static bool IsTheGuides(CatalogueObject found) => HostTables.Contains(found.TableTitle) || found.Schema == "sync" || found.Detail("target") == "public.users";

    /// <summary>Without what is the guides' own, and with what keeps its rows with the host's people.</summary>
    private static (MigrationScript Script, MigrationEffect Effect) OnPeople(MigrationScript script, IReadOnlyList<HostObject> guard)
    {
        var effect = MigrationEffects.Whole[script.Id];
        return With(
            script with { Up = Kept(script.Up), Down = Kept(script.Down) },
            new([.. effect.Added.Where(line => !IsTheGuides(line) && !line.Contains(" REFERENCES users(id)", StringComparison.Ordinal))], effect.Removed), guard);
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
