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
        var (exitCode, output, error) = await PortalProgram.RunAsync(args);

        Assert.Equal(2, exitCode);
        Assert.Equal("", output);
        Assert.StartsWith("portal: ", error, StringComparison.Ordinal);
        AssertNoTrace(error);
    }

    [Fact]
    public async Task Numbers_OnAGermanServer_AreWrittenAsEverywhere()
    {
        var (_, _, error) = await PortalProgram.RunAsync(["sample", "--pairings", "0"], language: "de_DE.UTF-8");

        Assert.Contains("10,000,000", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify", "--nonsense", "--json")]
    [InlineData("backup", "take", "--json")]
    [InlineData("migrate", "deploy", "--json", "--target")]
    public async Task WrongUsage_AsJson_IsOneObject(params string[] args)
    {
        var (exitCode, output, _) = await PortalProgram.RunAsync(args);

        Assert.Equal((2, "usage"), (exitCode, Result(output)));
    }

    [Theory]
    [InlineData("targets", "--json")]
    [InlineData("migrate", "status", "--target", "main", "--json")]
    [InlineData("backup", "list", "--json")]
    public async Task DatabaseIsAway_AsJson_IsOneObject(params string[] args)
    {
        var (exitCode, output, error) = await PortalProgram.RunAsync(args);

        Assert.Equal((1, "failed"), (exitCode, Result(output)));
        AssertNoTrace(output + error);
    }

    private static string Result(string output) => JsonDocument.Parse(output).RootElement.GetProperty("result").GetString()!;

    private static void AssertNoTrace(string text)
    {
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
    }
}
