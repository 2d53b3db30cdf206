using System.Text.RegularExpressions;
using AdminPortal.Data;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.Tests.DataLayer;

public sealed class StorableTextTests(PostgresCluster cluster)
{
    /// <param name="escaped">As a pattern has it: an attribute cannot hold half a character.</param>
    [Theory]
    [InlineData(@"a\u0000b")]
    [InlineData(@"\u0000")]
    [InlineData(@"half \ud83d")]
    [InlineData(@"\ude00 half")]
    [InlineData(@"\ude00\ud83d")]
    public async Task Text_ThatCannotBeStored_IsRefusedAndSpoilsNoOtherQuery(string escaped)
    {
        await using var database = await cluster.CreateDeviceDatabaseAsync(Token);
        await using var source = KeyedSource(database);
        Assert.Equal(0, await CountAsync(source, "first"));

        await Assert.ThrowsAsync<UnstorableTextException>(() => CountAsync(source, Regex.Unescape(escaped))); // the run that would prepare the statement

        Assert.Equal(0, await CountAsync(source, "third"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a smile 😀 and \ud83d\ude00\ud83d\ude00")]
    [InlineData("\ufffe\uffff")]
    public async Task Text_ThatCanBeStored_IsLookedFor(string text)
    {
        await using var database = await cluster.CreateDeviceDatabaseAsync(Token);
        await using var source = KeyedSource(database);

        Assert.Equal(0, await CountAsync(source, text));
    }

    [Fact]
    public async Task List_WithOneSuchText_IsRefused()
    {
        await using var database = await cluster.CreateDeviceDatabaseAsync(Token);
        await using var source = KeyedSource(database);
        await using var db = Contexts.Device(source);
        string[] ids = ["fine", "a\0b"];

        await Assert.ThrowsAsync<UnstorableTextException>(() => db.DevicePairings.CountAsync(p => ids.Contains(p.DeviceId), Token));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static NpgsqlDataSource KeyedSource(TestDatabase database) => DatabaseOptions.CreateDataSource(
        new NpgsqlConnectionStringBuilder(database.RuntimeConnectionString) { MaxAutoPrepare = 10, AutoPrepareMinUsages = 2, MaxPoolSize = 1 }.ConnectionString);

    private static async Task<int> CountAsync(NpgsqlDataSource source, string deviceId)
    {
        await using var db = Contexts.Device(source);
        return await db.DevicePairings.CountAsync(p => p.DeviceId == deviceId, Token);
    }
}
