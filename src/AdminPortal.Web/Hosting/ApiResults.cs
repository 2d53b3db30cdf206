namespace AdminPortal.Web.Hosting;

/// <summary>How endpoints answer: the guides' envelope for success, <see cref="ApiProblem"/> for the rest.</summary>
internal static class ApiResults
{
    public static IResult Ok<T>(T data, int statusCode = StatusCodes.Status200OK)
        where T : notnull =>
        TypedResults.Json(ApiEnvelope.Of(data), statusCode: statusCode);

    /// <param name="name">The kebab-case name in which <c>type</c> ends.</param>
    /// <param name="detail">For the person at the device: what happened and what to do.</param>
    public static IResult Problem(int status, string name, string title, string detail) => ApiProblem.Result(status, name, title, detail);

    public static IResult Invalid(string detail) => Problem(StatusCodes.Status400BadRequest, "invalid-request", "The request is not valid.", detail);

    public static IResult NotFound(string detail) => Problem(StatusCodes.Status404NotFound, "not-found", "There is nothing here.", detail);

    public static IResult Forbidden(string detail) => Problem(StatusCodes.Status403Forbidden, "forbidden", "You may not do this.", detail);

    public static IResult TooMany(TimeSpan retryAfter, int status = StatusCodes.Status429TooManyRequests) => ApiProblem.Result(
        status, "too-many-requests", "Too many tries.", "Wait as long as Retry-After says, then try again.", retryAfter);
}
