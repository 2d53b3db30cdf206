using System.Net;
using System.Net.Sockets;
using System.Text;
using MimeKit;

namespace AdminPortal.Web.Tests.Accounts;

/// <summary>A mail server on a port of its own that accepts one message and keeps it (RFC 5321, as little of it as a client needs).</summary>
internal sealed class MailCatcher : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Task<(string Recipient, MimeMessage Message)> message;

    public MailCatcher()
    {
        listener.Start();
        message = ReceiveAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The message and whom it was addressed to, when it has come.</summary>
    public Task<(string Recipient, MimeMessage Message)> ReceivedAsync(CancellationToken cancellationToken) =>
        message.WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);

    public void Dispose() => listener.Dispose();

    private async Task<(string Recipient, MimeMessage Message)> ReceiveAsync()
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await using var writer = new StreamWriter(stream, Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 catcher ESMTP");
        var recipient = "";
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("RCPT TO:", StringComparison.OrdinalIgnoreCase))
            {
                recipient = line["RCPT TO:".Length..].Trim().Trim('<', '>');
            }

            if (line.Equals("DATA", StringComparison.OrdinalIgnoreCase))
            {
                await writer.WriteLineAsync("354 go on");
                var text = await ReadDataAsync(reader);
                await writer.WriteLineAsync("250 kept");
                return (recipient, await MimeMessage.LoadAsync(new MemoryStream(Encoding.ASCII.GetBytes(text))));
            }

            await writer.WriteLineAsync("250 catcher");
        }

        throw new EndOfStreamException("The client left without a message.");
    }

    private static async Task<string> ReadDataAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line && line != ".")
        {
            text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        return text.ToString();
    }
}
