using System.Text;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Npgsql;

namespace AdminPortal.Web.Hosting;

/// <summary>Which status an exception becomes, for pages and the API alike; and what the log hears of it.</summary>
internal static class FailureStatus
{
    /// <summary>Seconds after which trying again makes sense while a database is away.</summary>
    public const string RetryAfter = "5";

    /// <summary>A database that is not migrated yet is as unavailable as one that is away; a wrong query on one that is in order is a failure.</summary>
    /// <returns>The status, and the cause where whoever asked can be told more than the status does.</returns>
    public static async Task<(int Status, string? Cause)> OfAsync(HttpContext context, Exception exception, DeviceDatabases databases, ILogger logger)
    {
        if (!TargetAvailability.LacksSchema(exception)
            || await TargetAvailability.AfterAsync(exception, databases, databases.PrimaryName, context.RequestAborted) is not { } found)
        {
            return (Of(context, exception, logger), null);
        }

        logger.LogWarning("{Method} {Path}: {Found} ({Error}).", context.Request.Method, context.Request.Path, found, exception.Message);
        context.Response.Headers.RetryAfter = RetryAfter;
        return (StatusCodes.Status503ServiceUnavailable, (found as TargetAvailability.Altered)?.Words);
    }

    private static int Of(HttpContext context, Exception exception, ILogger logger)
    {
        // First: a bad request is an IOException too, and those are outages below.
        if (exception is BadHttpRequestException bad)
        {
            return bad.StatusCode;
        }

        if (IsUnstorableText(exception) || IsUnknownCharset(exception))
        {
            return StatusCodes.Status400BadRequest;
        }

        if (TargetAvailability.IsOutage(exception))
        {
            logger.LogWarning("{Method} {Path}: a database is away ({Error}).", context.Request.Method, context.Request.Path, exception.Message);
            context.Response.Headers.RetryAfter = RetryAfter;
            return StatusCodes.Status503ServiceUnavailable;
        }

        if (exception is StandingLostException)
        {
            return StatusCodes.Status401Unauthorized;
        }

        if (exception is UnauthorizedAccessException or FreshSignInNeededException)
        {
            return StatusCodes.Status403Forbidden;
        }

        logger.LogError(exception, "{Method} {Path} failed.", context.Request.Method, context.Request.Path);
        return StatusCodes.Status500InternalServerError;
    }

    /// <summary>Text with a NUL or half a character, which PostgreSQL does not take. Nobody has a name or an id like that.</summary>
    private static bool IsUnstorableText(Exception? exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter } => true,
        EncoderFallbackException or UnstorableTextException => true,
        null => false,
        _ => IsUnstorableText(exception.InnerException),
    };

    /// <summary>A charset in Content-Type that does not exist: the framework throws, and means the request.</summary>
    private static bool IsUnknownCharset(Exception exception) =>
        exception is InvalidOperationException { InnerException: ArgumentException or NotSupportedException } && exception.Message.Contains("charset", StringComparison.Ordinal);
}
