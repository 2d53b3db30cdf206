using AdminPortal.Core.Backups;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.Backups;

/// <summary>pg_dump is chosen by version, or its absence is told with the way out.</summary>
public sealed class PostgresToolsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Find_ToolsThatAreNotOlder_AreTaken()
    {
        using var tools = new FakeTools("16.2");

        var found = Assert.IsType<FindToolsOutcome.Found>(await In(tools.Folder).FindAsync(15, Token));

        Assert.Equal(("16.2", 16, tools.Folder), (found.Tools.Version, found.Tools.MajorVersion, found.Tools.Folder));
    }

    [Fact]
    public async Task Find_OnlyOlderOnes_SaysWhichAndWhatToDo()
    {
        using var tools = new FakeTools("9.6.24");

        var missing = Assert.IsType<FindToolsOutcome.Missing>(await In(tools.Folder).FindAsync(10, Token));

        Assert.Contains("pg_dump 10 or newer", missing.Message, StringComparison.Ordinal);
        Assert.Contains("there is only 9.6.24", missing.Message, StringComparison.Ordinal);
        Assert.Contains("postgresql-client-10", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_EmptyFolder_SaysSo()
    {
        using var tools = new FakeTools("16.2");
        File.Delete(Path.Combine(tools.Folder, "pg_restore"));

        var missing = Assert.IsType<FindToolsOutcome.Missing>(await In(tools.Folder).FindAsync(15, Token));

        Assert.Contains("No pg_dump and pg_restore were found", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_WithoutAFolder_FindsThisMachinesTools()
    {
        var found = Assert.IsType<FindToolsOutcome.Found>(await In(null).FindAsync(9, Token));

        Assert.True(File.Exists(found.Tools.PgRestore));
    }

    private static PostgresTools In(string? folder) => new(Options.Create(new BackupOptions { ToolsFolder = folder }));
}
