namespace AdminPortal.Core.Verification.Checks;

/// <summary>Columns that are missing, differ in type, null or default, or are unexpected.</summary>
internal sealed class ColumnsCheck : CatalogueCheck
{
    /// <summary>Tables that belong to the host application, which has columns of its own there.</summary>
    internal static readonly string[] HostTables = ["public.users", "public.tasks", "public.focus_sessions"];

    public override string Id => "columns";

    public override string Title => "Every column has the type, null rule and default of this release";

    public override string Expected => "All columns of this release.";

    protected override IEnumerable<Finding> Look(CheckedTarget target)
    {
        foreach (var column in target.Expected.Of(CatalogueKind.Column).Where(c => target.Actual.HasTable(c.TableTitle)))
        {
            if (target.Actual.Find(column) is not { } found)
            {
                yield return Missing(target, column);
            }
            else if (!found.SameAs(column))
            {
                yield return new Finding(CheckSeverity.Error, column.Title, Text(column), Text(found), Remedy(column, found));
            }
        }

        foreach (var column in target.Actual.Of(CatalogueKind.Column).Where(c => target.Expected.Find(c) is null && target.Expected.HasTable(c.TableTitle)))
        {
            var isHosts = HostTables.Contains(column.TableTitle);
            if (Twin(target.Expected, column) is null && !(isHosts && HostColumnsCheck.Blocks(column)))
            {
                yield return new Finding(
                    isHosts ? CheckSeverity.Info : CheckSeverity.Warning, column.Title, "no such column", Text(column),
                    isHosts ? "A column of the host application's. Nothing to do." : "Nothing of this release made it. Find out who uses it before you drop it.");
            }
        }
    }

    private static Finding Missing(CheckedTarget target, CatalogueObject column)
    {
        var twin = Twin(target.Actual, column);
        var rename = twin is null || target.Expected.Find(twin) is not null ? null
            : $"Rename it: ALTER TABLE {SafeFix.Quote(column.Schema, column.Table)} RENAME COLUMN {SafeFix.Quote(twin.Name)} TO {SafeFix.Quote(column.Name)}.";
        return new Finding(CheckSeverity.Error, column.Title, Text(column), rename is null ? "missing" : $"missing; there is a {twin!.Title}",
            rename ?? target.RemedyForMissing(column, $"It was dropped after its migration. Restore it from a backup, or add it again: ALTER TABLE {SafeFix.Quote(column.Schema, column.Table)} ADD COLUMN {SafeFix.Quote(column.Name)} {Declaration(column)}."));
    }

    private static CatalogueObject? Twin(DatabaseCatalogue catalogue, CatalogueObject column) =>
        catalogue.OfTable(column.TableTitle, CatalogueKind.Column).FirstOrDefault(c => CheckedTarget.AreTwins(c.Name, column.Name));

    internal static string Text(CatalogueObject column) =>
        $"{column.Fact("type")}, {column.Fact("null")}{(column.Fact("default") == "none" ? "" : $", default {column.Fact("default")}")}";

    private static string Declaration(CatalogueObject column) =>
        $"{column.Fact("type")}{(column.Fact("default") is "none" or null ? "" : $" DEFAULT {column.Fact("default")}")}{(column.Fact("null") == "not null" ? " NOT NULL" : "")}";

    private static string Remedy(CatalogueObject expected, CatalogueObject actual)
    {
        var alter = $"ALTER TABLE {SafeFix.Quote(expected.Schema, expected.Table)} ALTER COLUMN {SafeFix.Quote(expected.Name)}";
        if (expected.Fact("type") != actual.Fact("type"))
        {
            return $"{alter} TYPE {expected.Fact("type")} USING {SafeFix.Quote(expected.Name)}::{expected.Fact("type")}. It rewrites the table and blocks it meanwhile: plan it, after a backup.";
        }

        if (expected.Fact("null") != actual.Fact("null"))
        {
            return expected.Fact("null") == "not null" ? $"Fill the rows that are NULL, then {alter} SET NOT NULL." : $"{alter} DROP NOT NULL.";
        }

        return expected.Fact("default") == "none" ? $"{alter} DROP DEFAULT." : $"{alter} SET DEFAULT {expected.Fact("default")}.";
    }
}
