using AdminPortal.Core.Backups;
using AdminPortal.Core.EmbeddedDatabase;
using AdminPortal.Core.Targets;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.EmbeddedDatabase;

/// <summary>Programs that the portal starts learn no secret of it.</summary>
public sealed class ChildEnvironmentTests(PostgresCluster cluster)
{
    private const string Secret = "heather-lantern-42-otter";
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task ServerPrograms_AreStarted_WithoutThePortalsVariables()
    {
        Environment.SetEnvironmentVariable("PORTAL_ADMIN_PASSWORD", Secret);

        var result = await ServerCommand.RunAsync("/usr/bin/env", [], runAs: null, "/", None);

        Assert.Contains("PATH=", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BackupTools_AreStarted_WithoutThePortalsVariables()
    {
        Environment.SetEnvironmentVariable("ConnectionStrings__Portal", Secret);

        var (_, output) = await ToolProcess.AskAsync("/usr/bin/env", [], None);

        Assert.Contains("PATH=", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Psql_OnATarget_ConnectsWithNothingInItsArguments()
    {
        Environment.SetEnvironmentVariable("PORTAL_ADMIN_PASSWORD", Secret);
        await using var database = await cluster.CreatePortalDatabaseAsync(None);
        var folder = Directory.CreateTempSubdirectory("adminportal-psql-").FullName;
        try
        {
            var exitCode = await PsqlProcess.RunAsync(
                database.RuntimeConnectionString, ["-X", "-At", "-o", $"{folder}/who", "-c", "SELECT current_user", "-c", $"\\! tr '\\0' ' ' < /proc/$PPID/cmdline > {folder}/arguments; env > {folder}/environment"], None);

            Assert.Equal(0, exitCode);
            Assert.Equal("portal_runtime", (await File.ReadAllTextAsync($"{folder}/who", None)).Trim());
            Assert.DoesNotContain("password", await File.ReadAllTextAsync($"{folder}/arguments", None), StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Secret, await File.ReadAllTextAsync($"{folder}/environment", None), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
