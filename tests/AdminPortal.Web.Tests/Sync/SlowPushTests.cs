using System.Net.Sockets;
using System.Text;
using AdminPortal.Web.Tests.Hosting;
using AdminPortal.Web.Tests.Pairing;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>Phones that announce much and send little, on real sockets: they hurt themselves alone.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class SlowPushTests(ApiPortal portal)
{
    private const int Slow = 16;
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(15);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Push_WhileAnotherDeviceSendsSixteenSlowOnes_IsAnsweredAtOnce()
    {
        var (slow, token) = await NewPhoneAsync();
        var other = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
        var sockets = new List<TcpClient>();
        try
        {
            for (var i = 0; i < Slow; i++)
            {
                sockets.Add(await BeginAsync(token));
            }

            (await other.PushAsync(SyncPhone.Create(SyncPhone.NewId("c"), "Meanwhile")).WaitAsync(AtOnce, Token)).Data();
            (await other.PullAsync().WaitAsync(AtOnce, Token)).Data();
            (await slow.PullAsync().WaitAsync(AtOnce, Token)).Data();
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Push_MoreAtATimeThanADeviceMay_AreTooMany_AndSlowOnesAreCut()
    {
        var (_, token) = await NewPhoneAsync();
        var sockets = new List<TcpClient>();
        try
        {
            for (var i = 0; i < Slow; i++)
            {
                sockets.Add(await BeginAsync(token));
            }

            var answers = await Task.WhenAll(sockets.Select(ReadStatusAsync)).WaitAsync(TimeSpan.FromSeconds(60), Token);

            Assert.Equal(Slow, answers.Length);
            Assert.All(answers, status => Assert.Contains(status, (string[])["429", "408", ""])); // nothing: the connection was cut
            Assert.True(answers.Count(status => status == "429") >= Slow - 4, string.Join(", ", answers));
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private async Task<(SyncPhone Phone, string Token)> NewPhoneAsync()
    {
        var person = await portal.NewPersonAsync();
        var deviceId = PairingCalls.NewDeviceId();
        var token = PairingCalls.Text(await portal.PairAsync(person, deviceId), "sessionToken");
        var phone = new SyncPhone(portal, person, deviceId, portal.Anyone(token));
        (await phone.RegisterAsync()).Data();
        return (phone, token);
    }

    /// <summary>Says that much will come, and sends its first byte.</summary>
    private async Task<TcpClient> BeginAsync(string token)
    {
        var client = new TcpClient();
        await client.ConnectAsync(portal.Portal.Address.Host, portal.Portal.Address.Port, Token);
        var head = $"POST /api/sync/push HTTP/1.1\r\nHost: {portal.Portal.Address.Authority}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 500000\r\n\r\n{{";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Token);
        return client;
    }

    /// <summary>The status of the answer; empty: none came before the end.</summary>
    private static async Task<string> ReadStatusAsync(TcpClient client)
    {
        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
            return (await reader.ReadLineAsync(Token))?.Split(' ')[1] ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
