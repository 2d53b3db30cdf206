using AdminPortal.Core.Sync;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Web.Sync;

/// <summary>Says what an overworked or unmigrated database means to a device.</summary>
internal sealed class SyncFilter(DeviceDatabases databases) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception e) when (TargetAvailability.LacksSchema(e))
        {
            return await IsOffAsync(context.HttpContext) ? SyncProblems.Off
                : await TargetAvailability.AfterAsync(e, databases, databases.PrimaryName, context.HttpContext.RequestAborted) is TargetAvailability.Altered altered ? SyncProblems.Altered(altered.Words)
                : SyncProblems.NotMigrated;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled)
        {
            return SyncProblems.Busy;
        }
    }

    private async Task<bool> IsOffAsync(HttpContext context) => !await SyncModule.IsOnAsync(databases, context.RequestAborted);
}
