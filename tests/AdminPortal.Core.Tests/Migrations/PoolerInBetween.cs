using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AdminPortal.Core.Tests.Migrations;

/// <summary>Stands between the portal and PostgreSQL as a pooler does: it tells its clients a process number of its own.</summary>
internal sealed class PoolerInBetween : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly int _server;

    public PoolerInBetween(int server)
    {
        _server = server;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The connection string that goes through it.</summary>
    public string Through(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port, GssEncryptionMode = GssEncryptionMode.Disable }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Dispose();
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_over.Token);
            var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, _server, _over.Token);
            _ = PumpAsync(client, server);
        }
    }

    private async Task PumpAsync(TcpClient client, TcpClient server)
    {
        using (client)
        using (server)
        {
            await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream(), _over.Token), AnswerAsync(server.GetStream(), client.GetStream()));
        }
    }

    /// <summary>Message by message; BackendKeyData is the one whose type is K.</summary>
    private async Task AnswerAsync(NetworkStream server, NetworkStream client)
    {
        var head = new byte[5];
        while (true)
        {
            await server.ReadExactlyAsync(head, _over.Token);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
            await server.ReadExactlyAsync(body, _over.Token);
            if (head[0] == 'K')
                BinaryPrimitives.WriteInt32BigEndian(body, 424242);
            await client.WriteAsync(head, _over.Token);
            await client.WriteAsync(body, _over.Token);
        }
    }
}
