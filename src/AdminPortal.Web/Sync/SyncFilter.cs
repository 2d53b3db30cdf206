using AdminPortal.Core.Sync;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Web.Sync;

/// <summary>Says what an overworked or unmigrated database means to a device.</summary>
internal sealed class SyncFilter(IDbContextFactory<DeviceDbContext> databases) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception e) when (TargetAvailability.LacksSchema(e))
        {
            return await IsOffAsync(context.HttpContext) ? SyncProblems.Off : SyncProblems.NotMigrated;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled)
        {
            return SyncProblems.Busy;
        }
    }

    private async Task<bool> IsOffAsync(HttpContext context) => !await SyncModule.IsOnAsync(databases, context.RequestAborted);
}
