using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Tests.Targets;

public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("Host=db", "db 5432")]
    [InlineData("Host=db;Port=6000", "db 6000")]
    [InlineData("Host=one:5601,two;Port=6000", "one 5601,two 6000")]
    [InlineData("Host=::1;Port=6000", "::1 6000")]
    [InlineData("Host=[::1]:5601,[fe80::2]", "::1 5601,fe80::2 5432")]
    [InlineData("Host=/var/run/postgresql", "/var/run/postgresql 5432")]
    public void Of_AConnectionString_AreItsServersWithTheirPorts(string connection, string expected) =>
        Assert.Equal(expected, string.Join(',', ServerAddress.Of(new NpgsqlConnectionStringBuilder(connection)).Select(server => $"{server.Name} {server.Port}")));
}
