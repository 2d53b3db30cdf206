namespace AdminPortal.Core.Verification.Checks;

/// <summary>Columns of the host's that make it impossible for a device to create rows.</summary>
internal sealed class HostColumnsCheck : CatalogueCheck
{
    private static readonly string[] SyncTables = ["public.tasks", "public.focus_sessions"];

    public override string Id => "host-columns";

    public override string Title => "Devices can create tasks and focus sessions without values for the host's own columns";

    public override string Expected => "Every column of the host's own is nullable or has a default.";

    protected override IEnumerable<Finding> Look(CheckedTarget target) =>
        from column in target.Actual.Of(CatalogueKind.Column)
        where target.Expected.HasTable(column.TableTitle) && target.Expected.Find(column) is null && Blocks(column)
        select new Finding(
            CheckSeverity.Error, column.Title, "nullable, or a default", ColumnsCheck.Text(column),
            $"Give it a default: ALTER TABLE {SafeFix.Quote(column.Schema, column.Table)} ALTER COLUMN {SafeFix.Quote(column.Name)} SET DEFAULT …. Until then sync cannot create rows here.");

    /// <summary>True for a column that refuses rows of somebody who does not know it.</summary>
    public static bool Blocks(CatalogueObject column) =>
        SyncTables.Contains(column.TableTitle) && column.Fact("null") == "not null" && column.Fact("default") == "none";
}
