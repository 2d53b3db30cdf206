using System.Net;
using System.Text.RegularExpressions;
using AdminPortal.Core.Activity;
using AdminPortal.Core.ServiceKeys;
using AdminPortal.Core.Sync;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Pages;

/// <summary>
/// Every page and every GET endpoint of the route table, with nothing, little and much in the databases: numbers that are counted and
/// numbers that are estimated, lists that are walked and lists that are gathered. A route that is new is opened too.
/// </summary>
public sealed partial class EveryPageTests(SizedPortals portals) : IClassFixture<SizedPortals>
{
    private const int None = 0;
    private const int Few = 30;
    private const int Many = 60_000;
    private static readonly Actor Support = new("support", "Sam", AccountRole.Support, null, null);

    /// <summary>Found: a page that leads people who are signed in to another.</summary>
    private static readonly HttpStatusCode[] Answers = [HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Found];

    /// <summary>They know devices only: <see cref="CallsOfADevice_OfEachSize_Answer"/> makes them.</summary>
    private static readonly string[] OfDevices = ["/api/devices/me/events", "/api/sync/pull", "/api/sync/conflicts", "/api/qr/permissions/requests", "/api/qr/authorize"];

    public static TheoryData<int> Sizes => [None, Few, Many];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task EveryPage_OfEachSize_IsLoaded_AndWhateverItLeadsToOfItself(int devices)
    {
        var world = await portals.OfAsync(devices);
        var reader = new PageReader(world.Portal);
        var faults = new List<string>();
        foreach (var pattern in Routes(world).Where(IsInteractive).Select(Pattern))
        {
            var path = PlaceOf(world, pattern);
            var links = Links(await OpenAsync(path), path);
            foreach (var link in links)
            {
                await OpenAsync(link);
            }
        }

        Assert.Empty(faults);

        async Task<string> OpenAsync(string path)
        {
            try
            {
                var html = await reader.ReadAsync(path, AccountRole.Admin);
                if (Fault(html) is { } fault)
                {
                    faults.Add($"{path}: {fault} {world.Errors.Take()}");
                }

                return html;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                faults.Add($"{path}: {e.GetType().Name} {e.Message} {world.Errors.Take()}");
                return "";
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task EveryGetEndpoint_OfEachSize_Answers(int devices)
    {
        var world = await portals.OfAsync(devices);
        var admin = world.Portal.Browse();
        await admin.SignInAsync(AccountRole.Admin);
        var faults = new List<string>();
        foreach (var pattern in Routes(world).Where(IsGet).Select(Pattern))
        {
            var path = PlaceOf(world, pattern);
            using var answer = await admin.GetAsync(path);
            var body = answer.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync(Token);
            if (!Answers.Contains(answer.StatusCode) && !((OfDevices.Contains(pattern) || IsOfDirectories(pattern)) && answer.StatusCode == HttpStatusCode.Forbidden))
            {
                faults.Add($"{path}: {(int)answer.StatusCode} {body[..Math.Min(200, body.Length)]} {world.Errors.Take()}");
            }
        }

        Assert.Empty(faults);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task CallsOfADirectory_OfEachSize_Answer(int devices)
    {
        var world = await portals.OfAsync(devices);
        var key = (ServiceKeyOutcome.Created)await world.Portal.Services.GetRequiredService<DirectoryKeyRegister>().CreateAsync(Actor.CommandLine, "Sizes", Token);
        foreach (var pattern in Routes(world).Where(IsGet).Select(Pattern).Where(IsOfDirectories))
        {
            using var answer = await world.Portal.Browse().SendAsync(HttpMethod.Get, PlaceOf(world, pattern), null, ("Authorization", $"Bearer {key.Key}"));
            Assert.True(answer.StatusCode is HttpStatusCode.OK || (answer.StatusCode is HttpStatusCode.NotFound && pattern.Contains("Users/", StringComparison.Ordinal)), $"{pattern}: {answer.StatusCode} {world.Errors.Take()}");
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task CallsOfADevice_OfEachSize_Answer(int devices)
    {
        var world = await portals.OfAsync(devices);
        var id = $"sized-{devices}";
        var bearer = ("Authorization", $"Bearer {await world.Portal.AddDeviceAsync(await world.Portal.AddPersonAsync(), id)}");
        var device = world.Portal.Browse();
        using var registration = System.Net.Http.Json.JsonContent.Create(new { platform = "ios", appVersion = "2.1.0", schemaVersion = 1 });
        Assert.Equal(HttpStatusCode.OK, (await device.SendAsync(HttpMethod.Put, "/api/devices/me", registration, bearer)).StatusCode);

        foreach (var path in Routes(world).Where(IsGet).Select(Pattern).Where(p => OfDevices.Contains(p)))
        {
            using var answer = await device.SendAsync(HttpMethod.Get, path, null, bearer);
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent, $"{path}: {answer.StatusCode} {world.Errors.Take()}");
        }

        await using var db = world.Portal.Services.GetRequiredService<DeviceDatabases>().CreateDbContext();
        await db.Users.Where(u => db.DevicePairings.Any(p => p.UserId == u.Id && p.DeviceId == id)).ExecuteDeleteAsync(Token);
    }

    [Fact]
    public async Task SyncCounts_OfManyDevices_AreNearTheTruth_AndSaySo()
    {
        var world = await portals.OfAsync(Many);
        var list = world.Portal.Services.GetRequiredService<SyncStatusList>();
        var (estimated, exact) = (await list.CountAsync(Support, new SyncStatusQuery(), Token), await CountedAsync(world));

        Assert.Equal(exact.Keys.Order(), estimated.Keys.Order());
        Assert.All(estimated, count => Assert.True(count.Value.IsAbout));
        Assert.All(estimated, count => Assert.InRange(count.Value.Number, exact[count.Key] * 0.7, exact[count.Key] * 1.3));
        Assert.Equal(Enum.GetValues<SyncVerdict>().Order(), exact.Keys.Order()); // every verdict is there to be opened
        var page = await new PageReader(world.Portal).ReadAsync("/sync?show=all", AccountRole.Support);
        Assert.Contains("<strong>about ", page, StringComparison.Ordinal);
        Assert.Matches(AboutManyDevices(), page);
        Assert.Contains("about ", await new PageReader(world.Portal).ReadAsync("/", AccountRole.Support), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SyncCounts_OfManyDevices_NarrowedToAFew_AreExact()
    {
        var world = await portals.OfAsync(Many);
        var list = world.Portal.Services.GetRequiredService<SyncStatusList>();
        await using var db = world.Portal.Services.GetRequiredService<DeviceDatabases>().CreateDbContext();
        var person = await db.Users.Where(u => db.Devices.Count(d => d.UserId == u.Id) > 3).OrderBy(u => u.Id).FirstAsync(Token);
        var query = new SyncStatusQuery(Search: person.Email);

        var counts = await list.CountAsync(Support, query, Token);

        Assert.Equal(await db.Devices.CountAsync(d => d.UserId == person.Id, Token), counts.Where(c => !c.Key.IsMark()).Sum(c => c.Value.Number));
        Assert.All(counts.Values, count => Assert.False(count.IsAbout));
    }

    [Fact]
    public async Task SyncCounts_OfFewDevices_AreExact()
    {
        var world = await portals.OfAsync(Few);

        var counts = await world.Portal.Services.GetRequiredService<SyncStatusList>().CountAsync(Support, new SyncStatusQuery(), Token);

        Assert.Equal(await CountedAsync(world), counts.ToDictionary(c => c.Key, c => c.Value.Number));
        Assert.All(counts.Values, count => Assert.False(count.IsAbout));
        Assert.DoesNotContain("about ", await new PageReader(world.Portal).ReadAsync("/", AccountRole.Support), StringComparison.Ordinal);
    }

    private static async Task<Dictionary<SyncVerdict, long>> CountedAsync(SizedPortal world)
    {
        await using var db = world.Portal.Services.GetRequiredService<DeviceDatabases>().CreateDbContext();
        var counts = await SyncStandings.Of(db, Support, SyncThresholds.Default).GroupBy(s => s.Verdict)
            .Select(g => new { g.Key, Count = g.LongCount() }).ToDictionaryAsync(g => g.Key, g => g.Count, Token);
        foreach (var mark in Enum.GetValues<SyncVerdict>().Where(v => v.IsMark()))
        {
            var bit = 1 << (int)mark;
            if (await SyncStandings.Of(db, Support, SyncThresholds.Default).LongCountAsync(s => (s.Holds & bit) != 0, Token) is > 0 and var marked)
                counts[mark] = marked;
        }

        return counts;
    }

    private static List<RouteEndpoint> Routes(SizedPortal world) =>
        [.. world.Portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null)];

    private static string Pattern(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    private static Type? PageOf(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type;

    private static bool IsInteractive(RouteEndpoint endpoint) =>
        PageOf(endpoint) is { } page && !page.IsDefined(typeof(ExcludeFromInteractiveRoutingAttribute), inherit: true);

    /// <summary>Pages too: what stands before the circuit is there.</summary>
    private static bool IsGet(RouteEndpoint endpoint) => Pattern(endpoint) is var path
        && !path.StartsWith("/_", StringComparison.Ordinal) && !path.StartsWith("/{**", StringComparison.Ordinal)
        && (PageOf(endpoint) is not null || endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") == true);

    private static bool IsOfDirectories(string pattern) => pattern.StartsWith("/scim/", StringComparison.Ordinal);

    private static string PlaceOf(SizedPortal world, string pattern)
    {
        if (!pattern.Contains('{', StringComparison.Ordinal))
        {
            return pattern;
        }

        Assert.True(world.Places.TryGetValue(pattern, out var place), $"{pattern} is new: say in {nameof(SizedPortal)} what stands for its parameters.");
        return place;
    }

    /// <summary>Null: the page shows what it is for, or says that there is no such thing.</summary>
    private static string? Fault(string html) =>
        html.Contains("class=\"skeleton\"", StringComparison.Ordinal) ? "it still loads."
        : Failure().IsMatch(html) ? "it failed."
        : html.Contains("<main", StringComparison.Ordinal) && html.Contains("<h1", StringComparison.Ordinal) ? null : "it is empty.";

    /// <summary>The page's own filters, orders and pages.</summary>
    private static List<string> Links(string html, string path) =>
        [.. Link().Matches(html).Select(m => WebUtility.HtmlDecode(m.Groups["to"].Value)).Where(to => to.StartsWith(path + "?", StringComparison.Ordinal)).Distinct()];

    [GeneratedRegex("href=\"(?<to>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Link();

    /// <summary>What a page says in the place of what it could not read.</summary>
    [GeneratedRegex("class=\"button primary\"[^>]*>Try again<|role=\"alert\">The ", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Failure();

    [GeneratedRegex("About [56][0-9],000 devices", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex AboutManyDevices();
}
