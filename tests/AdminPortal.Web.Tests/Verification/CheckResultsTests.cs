using System.Text.Json;
using AdminPortal.Core.Verification;
using AdminPortal.Web.Verification;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Verification;

/// <summary>How a verification is told: what failed first, expected beside actual, repairs for those who may.</summary>
public sealed class CheckResultsTests : BunitContext
{
    private static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly SafeFix Fix = new(FixKind.CreateIndex, "public", "tasks", "tasks_clientId_key", "CREATE UNIQUE INDEX CONCURRENTLY …");
    private static readonly CheckResult Fine = new("tables", "Every table exists", CheckSeverity.Error, true, "All tables.", "As expected.", null, 0.2, []);
    private static readonly CheckResult Warned = new("duplicate-indexes", "No two indexes do the same work", CheckSeverity.Warning, false, "once", "twice", "Drop one.", 3,
        [new Finding(CheckSeverity.Warning, "public.tasks.again", "once", "twice", "Drop one.")]);
    private static readonly CheckResult Broken = new("indexes", "Every index exists", CheckSeverity.Error, false, "unique (\"clientId\")", "missing", "Create it.", 1500,
        [new Finding(CheckSeverity.Error, "public.tasks.tasks_clientId_key", "unique (\"clientId\")", "missing", "Create it.", Fix)]);

    private SafeFix? asked;

    public CheckResultsTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public void Checks_ErrorsFirstAndOpen_ThenWarnings_ThenWhatPassedClosed()
    {
        var view = Show();

        Assert.Equal(["indexes", "duplicate-indexes", "tables"], view.FindAll("li[data-check]").Select(li => li.GetAttribute("data-check")));
        Assert.Equal([true, true, false], view.FindAll("details").Select(d => d.HasAttribute("open")));
        Assert.Contains("1.5 s", view.Find("li[data-check=indexes] summary").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Finding_ExpectedBesideActualWithItsRemedy()
    {
        var finding = Show().Find("li[data-check=indexes] .finding");

        Assert.Equal(["Expected", "unique (\"clientId\")", "Actual", "missing"], finding.QuerySelectorAll("dt, dd").Select(e => e.TextContent));
        Assert.Equal("public.tasks.tasks_clientId_key", finding.QuerySelector("h3")!.TextContent);
        Assert.Contains("Create it.", finding.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fix_ForAdmins_IsRaised()
    {
        await Show(canRepair: true).Find("li[data-check=indexes] button").ClickAsync(new MouseEventArgs());

        Assert.Equal(Fix, asked);
    }

    [Fact]
    public void Fix_ForOthers_IsNotOffered() => Assert.Empty(Show().FindAll("button"));

    [Fact]
    public void Between_AnotherFindingEachTime_SaysWhatIsNewAndGone()
    {
        var change = VerificationChange.Between(Result(Fine, Broken), Result(Fine, Broken with { Passed = true, Findings = [] }, Warned) with { WithData = true });

        Assert.Equal(["public.tasks.tasks_clientId_key"], change.Gone);
        Assert.Empty(change.New); // the earlier one did not look at duplicates
    }

    [Fact]
    public void Json_AFailedVerification_IsOneObjectWithTheDocumentedNames()
    {
        using var json = JsonDocument.Parse(VerifyJson.Write(Result(Fine, Broken)));
        var root = json.RootElement;

        Assert.Equal(("main", "failed"), (root.GetProperty("target").GetString(), root.GetProperty("result").GetString()));
        Assert.All(["applied", "pending", "failed", "steps"], name => Assert.Equal(JsonValueKind.Array, root.GetProperty(name).ValueKind));
        var check = root.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("id").GetString() == "indexes");
        Assert.Equal(("error", false, "missing", "Create it."), (check.GetProperty("severity").GetString(), check.GetProperty("passed").GetBoolean(), check.GetProperty("actual").GetString(), check.GetProperty("remedy").GetString()));
        Assert.Equal(["title", "expected"], check.EnumerateObject().Select(p => p.Name).Where(n => n is "title" or "expected"));
    }

    private IRenderedComponent<CheckResults> Show(bool canRepair = false) => Render<CheckResults>(parameters => parameters
        .Add(c => c.Result, Result(Fine, Warned, Broken)).Add(c => c.CanRepair, canRepair)
        .Add(c => c.OnRepair, EventCallback.Factory.Create<SafeFix>(this, fix => asked = fix)));

    private static VerificationResult Result(params CheckResult[] checks) => new(
        "v", "main", "1/main", null, "Anna", At, At, checks.All(c => c.Passed), checks.Count(c => !c.Passed), 0, false, "m", [], checks, null);
}
