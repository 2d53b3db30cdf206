using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using MimeKit;

namespace AdminPortal.Testing;

/// <summary>A message that a mail server took, and whom it was addressed to.</summary>
public sealed record CaughtMail(string Recipient, MimeMessage Message);

/// <summary>
/// A mail server on a loopback port of its own (RFC 5321, as little of it as a client needs) that keeps what it is sent.
/// It can be stopped and started again on its port, told to refuse, and told to stay silent.
/// </summary>
public sealed class SmtpListener : IAsyncDisposable
{
    private readonly Channel<CaughtMail> caught = Channel.CreateUnbounded<CaughtMail>();
    private readonly List<Task> talks = [];
    private TcpListener listener = new(IPAddress.Loopback, 0);
    private CancellationTokenSource life = new();
    private Task accepting;

    public SmtpListener()
    {
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>The answer to the recipient of a message, such as <c>550 no such mailbox</c>; null: welcome.</summary>
    public string? Refusal { get; set; }

    /// <summary>True: takes connections and never says a word.</summary>
    public bool Silent { get; set; }

    /// <summary>True: takes a message and hangs up instead of saying so, as a server does that dies at that moment.</summary>
    public bool DropsAfterData { get; set; }

    /// <summary>How many messages it has taken and nobody has read here.</summary>
    public int Waiting => caught.Reader.Count;

    /// <summary>The next message, when it has come.</summary>
    public Task<CaughtMail> ReceivedAsync(CancellationToken cancellationToken) =>
        caught.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);

    /// <summary>Goes away: connections are refused.</summary>
    public async Task StopAsync()
    {
        await life.CancelAsync();
        listener.Dispose();
        await accepting;
        await Task.WhenAll(talks);
        life.Dispose();
    }

    /// <summary>Comes back on the same port.</summary>
    public void Start()
    {
        life = new CancellationTokenSource();
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                talks.Add(TalkAsync(await listener.AcceptTcpClientAsync(life.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Stopped.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = client.GetStream();
                if (Silent)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, life.Token);
                }

                using var reader = new StreamReader(stream, Encoding.ASCII);
                await using var writer = new StreamWriter(stream, Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
                await AnswerAsync(reader, writer);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // Stopped, or the client left.
            }
        }
    }

    private async Task AnswerAsync(StreamReader reader, StreamWriter writer)
    {
        await writer.WriteLineAsync("220 catcher ESMTP");
        var recipient = "";
        while (await reader.ReadLineAsync(life.Token) is { } line)
        {
            if (line.Equals("DATA", StringComparison.OrdinalIgnoreCase))
            {
                await writer.WriteLineAsync("354 go on");
                var text = await ReadDataAsync(reader);
                await caught.Writer.WriteAsync(new CaughtMail(recipient, await MimeMessage.LoadAsync(new MemoryStream(Encoding.ASCII.GetBytes(text)))));
                if (DropsAfterData)
                {
                    return;
                }
            }
            else if (line.StartsWith("RCPT TO:", StringComparison.OrdinalIgnoreCase))
            {
                recipient = line["RCPT TO:".Length..].Trim().Trim('<', '>');
                if (Refusal is { } refusal)
                {
                    await writer.WriteLineAsync(refusal);
                    continue;
                }
            }

            await writer.WriteLineAsync(line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase) ? "221 bye" : "250 catcher");
        }
    }

    private async Task<string> ReadDataAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(life.Token) is { } line && line != ".")
        {
            text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        return text.ToString();
    }
}
