using System.Security.Cryptography;
using System.Text;
using AdminPortal.Core.Hosts;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Verification;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace AdminPortal.Core.Migrations;

/// <summary>The migrations that this build knows for managed databases, in their order. Needs no database.</summary>
public sealed class MigrationScripts
{
    private const string AnyId = "any_migration";
    private const string NoServer = "Host=nowhere.invalid;Database=none";
    private readonly Lazy<Build> build = new(Read);
    private readonly Lazy<MigrationSet> whole;

    public MigrationScripts() => whole = new(() => new MigrationSet(this, All, MigrationEffects.Whole, CatalogueManifest.Current, null));

    public IReadOnlyList<MigrationScript> All => build.Value.Scripts;

    /// <summary>Makes EF's history where there is none.</summary>
    internal string HistoryTable => build.Value.HistoryTable;

    public MigrationScript? Find(string id) => All.FirstOrDefault(m => m.Id == id);

    /// <summary>By id, or by the name that people type; null: this build has none.</summary>
    public MigrationScript? FindByName(string idOrName) => Find(idOrName) ?? All.FirstOrDefault(m => m.Name == idOrName);

    /// <summary>As a target gets them whose people are in the guides' own table.</summary>
    public MigrationSet Whole => whole.Value;

    /// <summary>As a target gets them.</summary>
    /// <param name="people">Where its people are; null: in the guides' own table.</param>
    public MigrationSet For(HostPeople? people) => people is null ? Whole : HostMigrations.Of(this, people);

    internal string HistoryInsert(string id) => build.Value.HistoryInsert.Replace(AnyId, id, StringComparison.Ordinal);

    internal string HistoryDelete(string id) => build.Value.HistoryDelete.Replace(AnyId, id, StringComparison.Ordinal);

    private static Build Read()
    {
        using var source = DatabaseOptions.CreateDataSource(NoServer);
        using var db = TargetAccess.CreateContext(source);
        var assembly = db.GetService<IMigrationsAssembly>();
        var history = db.GetService<IHistoryRepository>();
        var ids = assembly.Migrations.Keys.Order(StringComparer.Ordinal).ToList();
        return new Build(
            [.. ids.Select(id => Script(db, assembly, id))], history.GetCreateIfNotExistsScript(),
            history.GetInsertScript(new HistoryRow(AnyId, ProductInfo.GetVersion())), history.GetDeleteScript(AnyId));
    }

    private static MigrationScript Script(DeviceDbContext db, IMigrationsAssembly assembly, string id)
    {
        var migration = assembly.CreateMigration(assembly.Migrations[id], db.Database.ProviderName!);
        var up = Statements(db, migration, migration.UpOperations);
        return new MigrationScript(id, Hash(up), up, Statements(db, migration, migration.DownOperations));
    }

    /// <summary>The model is only asked for types of columns; operations of this build name theirs.</summary>
    private static IReadOnlyList<MigrationStatement> Statements(DeviceDbContext db, Migration migration, IReadOnlyList<MigrationOperation> operations)
    {
        var model = db.GetService<IModelRuntimeInitializer>().Initialize(migration.TargetModel, designTime: true, validationLogger: null);
        return [.. db.GetService<IMigrationsSqlGenerator>().Generate(operations, model)
            .Select(command => new MigrationStatement(command.CommandText.Trim(), !command.TransactionSuppressed))];
    }

    private sealed record Build(
        IReadOnlyList<MigrationScript> Scripts, string HistoryTable, string HistoryInsert, string HistoryDelete);

    internal static string Hash(IReadOnlyList<MigrationStatement> statements) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Join('\0', statements.Select(s => (s.InTransaction ? "t" : "-") + s.Sql.ReplaceLineEndings("\n"))))));
}
