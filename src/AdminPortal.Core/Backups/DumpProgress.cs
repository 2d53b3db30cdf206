namespace AdminPortal.Core.Backups;

/// <summary>How far a dump is: by the sizes of the tables that it has begun, since pg_dump itself says no figures.</summary>
/// <param name="Percent">Of the bytes of all tables; the last table's share counts when it is through.</param>
public sealed record BackupProgress(int Percent, string Text);

/// <summary>Makes progress out of pg_dump's and pg_restore's verbose lines and the number of bytes that were written.</summary>
internal sealed class DumpProgress(IReadOnlyList<DumpTable> tables, Action<BackupProgress> tell)
{
    private static readonly string[] Beginnings = ["dumping contents of table \"", "processing data for table \""];
    private readonly Lock gate = new();
    private readonly long total = Math.Max(1, tables.Sum(table => table.Bytes));
    private long before;
    private long written;
    private DumpTable? current;

    /// <summary>A line of <c>--verbose</c>.</summary>
    public void Line(string line)
    {
        foreach (var beginning in Beginnings)
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal))
            {
                Begin(line[beginning.Length..].TrimEnd('"'));
            }
        }
    }

    /// <summary>So many bytes of the file are written.</summary>
    public void Written(long bytes)
    {
        lock (gate)
        {
            written = bytes;
            Tell();
        }
    }

    private void Begin(string name)
    {
        lock (gate)
        {
            before += current?.Bytes ?? 0;
            current = tables.FirstOrDefault(table => table.Name == name);
            Tell();
        }
    }

    private void Tell()
    {
        var percent = (int)Math.Min(99, 100 * before / total);
        var table = current is null ? "" : $" · {current.Name}";
        tell(new BackupProgress(percent, $"{percent} %{table}{(written > 0 ? $" · {ByteSize.Text(written)} written" : "")}"));
    }
}
