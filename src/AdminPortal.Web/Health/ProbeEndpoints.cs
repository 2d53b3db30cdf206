using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Health;

/// <summary>
/// What a balancer and a supervisor ask, apart from each other. <c>GET /health/live</c>: 200 as long as the process answers; another answer
/// means that only a restart helps, so a database that is away is no reason. <c>GET /health/ready</c>: 200 when this instance can serve
/// people; else 503 and why, in one word: <c>draining</c>, <c>database-away</c>, <c>schema-older</c>, <c>schema-newer</c>.
/// </summary>
internal static class ProbeEndpoints
{
    public const string Live = "/health/live";
    public const string Ready = "/health/ready";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Live, () => TypedResults.Text("live")).AllowAnonymous().ShortCircuit().ExcludeFromDescription();
        app.MapGet(Ready, ReadyAsync).AllowAnonymous().ShortCircuit().ExcludeFromDescription();
    }

    private static async Task<IResult> ReadyAsync(Drain drain, PortalDatabase database, CancellationToken cancellationToken)
    {
        var state = drain.HasBegun ? "draining" : await database.StateAsync(cancellationToken) switch
        {
            PortalDatabaseState.Ready => "ready",
            PortalDatabaseState.Older => "schema-older",
            PortalDatabaseState.Newer => "schema-newer",
            _ => "database-away",
        };
        return TypedResults.Text(state, statusCode: state == "ready" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
