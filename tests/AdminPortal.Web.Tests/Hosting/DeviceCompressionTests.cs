using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AdminPortal.Web.Tests.Sync;
using static AdminPortal.Web.Tests.Pairing.PairingCalls;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>Devices on slow lines send and get less: compressed bodies both ways, and never more of them than fits.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class DeviceCompressionTests(ApiPortal portal)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Pull_ThatAcceptsIt_IsCompressed(string encoding)
    {
        var phone = await NewPhoneAsync();
        await phone.PushedAsync([.. Enumerable.Range(0, 50).Select(i => SyncPhone.Create(SyncPhone.NewId("c"), $"Call the pharmacy {i}"))]);

        using var answer = await SendAsync(phone, HttpMethod.Get, "/api/sync/pull", null, accept: encoding);
        var packed = await answer.Content.ReadAsByteArrayAsync(Token);

        Assert.Equal([encoding], answer.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
        var plain = Unpacked(packed, encoding);
        Assert.Equal(50, JsonDocument.Parse(plain).RootElement.GetProperty("data").GetProperty("changes").GetArrayLength());
        Assert.True(packed.Length * 4 < plain.Length, $"{packed.Length} of {plain.Length}");
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Push_Compressed_IsTaken(string encoding)
    {
        var phone = await NewPhoneAsync();
        var body = JsonSerializer.SerializeToUtf8Bytes(new { schemaVersion = 1, ops = new[] { SyncPhone.Create(SyncPhone.NewId("c"), "Packed") } });

        using var answer = await SendAsync(phone, HttpMethod.Post, "/api/sync/push", Packed(body, encoding), encoding);

        var result = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token)).RootElement.GetProperty("data").GetProperty("results")[0];
        Assert.Equal("applied", Text(result, "status"));
    }

    /// <summary>A hundred megabytes in a hundred kilobytes.</summary>
    [Theory]
    [InlineData("/api/sync/push", "batch-too-large")]
    [InlineData("/api/sync/report", "request-too-large")]
    [InlineData("/api/qr/pair", "request-too-large")]
    public async Task Body_ThatGrowsBeyondTheLimit_IsRefused(string path, string problem)
    {
        var phone = await NewPhoneAsync();
        var bomb = Packed(Encoding.ASCII.GetBytes("{\"a\":\"" + new string(' ', path.EndsWith("push", StringComparison.Ordinal) ? 100_000_000 : 1_000_000) + "\"}"), "gzip");

        using var answer = await SendAsync(phone, HttpMethod.Post, path, bomb, "gzip");

        (await ApiAnswer.ReadAsync(answer, Token)).IsProblem(HttpStatusCode.RequestEntityTooLarge, problem);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Body_ThatIsNotWhatItSays_IsInvalid(string encoding)
    {
        using var answer = await SendAsync(await NewPhoneAsync(), HttpMethod.Post, "/api/sync/push", "{\"schemaVersion\":1,\"ops\":[]}"u8.ToArray(), encoding);

        (await ApiAnswer.ReadAsync(answer, Token)).IsProblem(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip, br")]
    public async Task Body_InAnotherEncoding_HearsWhichAreTaken(string encoding)
    {
        using var answer = await SendAsync(await NewPhoneAsync(), HttpMethod.Post, "/api/sync/push", "{\"schemaVersion\":1,\"ops\":[]}"u8.ToArray(), encoding);

        (await ApiAnswer.ReadAsync(answer, Token)).IsProblem(HttpStatusCode.UnsupportedMediaType, "content-encoding-unsupported");
        Assert.Equal("gzip, br", string.Join(", ", answer.Headers.GetValues("Accept-Encoding")));
    }

    /// <summary>What holds secrets is never compressed together with what somebody else chose.</summary>
    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/p")]
    [InlineData("/api/health")]
    public async Task Answers_ThatAreNotOfSync_StayAsTheyAre(string path)
    {
        using var answer = await SendAsync(await NewPhoneAsync(), HttpMethod.Get, path, null, accept: "gzip, br");

        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    private static async Task<HttpResponseMessage> SendAsync(SyncPhone phone, HttpMethod method, string path, byte[]? body, string? encoding = null, string? accept = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });
        using var request = new HttpRequestMessage(method, new Uri(phone.Portal.Portal.Address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", phone.Api.Bearer);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accept);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }

        return await client.SendAsync(request, Token);
    }

    private static byte[] Packed(byte[] plain, string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream stream = encoding == "br" ? new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true) : new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            stream.Write(plain);
        return packed.ToArray();
    }

    private static string Unpacked(byte[] packed, string encoding)
    {
        using Stream stream = encoding == "br" ? new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress) : new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private async Task<SyncPhone> NewPhoneAsync() => await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
}
