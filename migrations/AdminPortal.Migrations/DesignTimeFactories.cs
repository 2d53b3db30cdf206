using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace AdminPortal.Migrations;

/// <summary>Serves <c>dotnet ef migrations add</c>, which reads the model and needs no server.</summary>
internal sealed class DeviceDbDesignTimeFactory : IDesignTimeDbContextFactory<DeviceDbContext>
{
    public DeviceDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<DeviceDbContext>();
        options.UseDeviceDatabase(DatabaseOptions.CreateDataSource("Host=localhost;Database=design"));
        return new DeviceDbContext(options.Options);
    }
}

/// <summary>The same for the portal's own database.</summary>
internal sealed class PortalDbDesignTimeFactory : IDesignTimeDbContextFactory<PortalDbContext>
{
    public PortalDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<PortalDbContext>();
        options.UsePortalDatabase(DatabaseOptions.CreateDataSource("Host=localhost;Database=design"));
        return new PortalDbContext(options.Options);
    }
}
