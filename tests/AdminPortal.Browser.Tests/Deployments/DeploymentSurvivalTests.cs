using System.Text.RegularExpressions;
using AdminPortal.Browser.Tests.Hosting;
using AdminPortal.Core.EmbeddedDatabase;
using Npgsql;
using static AdminPortal.Browser.Tests.Deployments.DeploymentSteps;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Deployments;

/// <summary>The portal is killed in the middle of a migration: the next one finds the run and ends it well, before the admin's eyes.</summary>
[Collection(ImpatientPortalCollection.Name)]
public sealed class DeploymentSurvivalTests(ImpatientPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    [Fact]
    public async Task Apply_PortalKilledInTheMiddle_IsTakenUpAndVerified()
    {
        var page = (await OpenAsync(Person.Admin)).Tolerate("_blazor", "_framework/blazor.web", "net::ERR_").Page;
        await RollBackAsync(page, "staging", migrations: 3);
        await using var writer = new NpgsqlConnection((await Portal.FindDatabaseAsync(Token)).ConnectionString("staging", EmbeddedRole.Owner));
        await writer.OpenAsync(Token);
        await using var transaction = await writer.BeginTransactionAsync(Token);
        await using (var holding = new NpgsqlCommand($"LOCK TABLE {TableOfTheLastIndex} IN ROW EXCLUSIVE MODE", writer))
            await holding.ExecuteNonQueryAsync(Token);
        await ApplyAsync(page, "staging", migrations: 3);
        await Expect(page.GetByText("Statement 2 of 2")).ToBeVisibleAsync(); // the index is built, and waits for the writer

        await Portal.Process.KillAsync(Token);
        await Portal.Process.StartAsync(Token);
        await transaction.RollbackAsync(Token);

        await ExpectRunDoneAsync(page);
        await Expect(page.GetByText(new Regex("All [0-9]+ checks passed", RegexOptions.None, TimeSpan.FromSeconds(1))).Or(page.GetByText("Passed, with"))).ToBeVisibleAsync();
    }
}
