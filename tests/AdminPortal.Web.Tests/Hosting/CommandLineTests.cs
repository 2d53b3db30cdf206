using System.Diagnostics;
using System.Text.Json;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>What a script that calls the program can rely on: exit codes, one object, no stack traces.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("sample", "--pairings", "abc")]
    [InlineData("sample", "--pairings", "0")]
    [InlineData("sample")]
    [InlineData("simulate", "--devices", "many")]
    [InlineData("simulate", "--minutes", "soon")]
    [InlineData("backup", "take")]
    [InlineData("nothing")]
    public async Task WrongUsage_IsToldInWords(params string[] args)
    {
        var (exitCode, output, error) = await RunAsync(args);

        Assert.Equal(2, exitCode);
        Assert.Equal("", output);
        Assert.StartsWith("portal: ", error, StringComparison.Ordinal);
        AssertNoTrace(error);
    }

    [Fact]
    public async Task Numbers_OnAGermanServer_AreWrittenAsEverywhere()
    {
        var (_, _, error) = await RunAsync(["sample", "--pairings", "0"], language: "de_DE.UTF-8");

        Assert.Contains("10,000,000", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify", "--nonsense", "--json")]
    [InlineData("backup", "take", "--json")]
    [InlineData("migrate", "deploy", "--json", "--target")]
    public async Task WrongUsage_AsJson_IsOneObject(params string[] args)
    {
        var (exitCode, output, _) = await RunAsync(args);

        Assert.Equal((2, "usage"), (exitCode, Result(output)));
    }

    [Theory]
    [InlineData("targets", "--json")]
    [InlineData("migrate", "status", "--target", "main", "--json")]
    [InlineData("backup", "list", "--json")]
    public async Task DatabaseIsAway_AsJson_IsOneObject(params string[] args)
    {
        var (exitCode, output, error) = await RunAsync(args);

        Assert.Equal((1, "failed"), (exitCode, Result(output)));
        AssertNoTrace(output + error);
    }

    private static string Result(string output) => JsonDocument.Parse(output).RootElement.GetProperty("result").GetString()!;

    private static void AssertNoTrace(string text)
    {
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
    }

    /// <summary>The program itself, with databases that refuse every connection.</summary>
    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string[] args, string? language = null)
    {
        var folder = Directory.CreateTempSubdirectory("adminportal-command-");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "AdminPortal.Web.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder.FullName,
        };
        start.Environment["PORTAL_DATA_DIR"] = folder.FullName;
        if (language is not null)
        {
            (start.Environment["LC_ALL"], start.Environment["LANG"]) = (language, language);
        }

        foreach (var key in new[] { "ConnectionStrings__Portal", "ConnectionStrings__PortalOwner", "Portal__Targets__main__ConnectionString", "Portal__Targets__main__OwnerConnectionString" })
        {
            start.Environment[key] = RunningPortal.NoDatabase;
        }

        using var program = Process.Start(start)!;
        var (output, error) = (program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        folder.Delete(recursive: true);
        return (program.ExitCode, await output, await error);
    }
}
