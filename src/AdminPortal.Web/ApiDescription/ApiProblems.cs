namespace AdminPortal.Web.ApiDescription;

/// <summary>The problem types that an endpoint answers with a status, besides those that its callers and its body bring with them.</summary>
/// <param name="Names">The kebab-case names in which their <c>type</c> ends.</param>
internal sealed record ApiProblems(int Status, IReadOnlyList<string> Names);

/// <summary>An answer's header, for the API's description.</summary>
internal sealed record ApiHeader(int Status, string Name, string Description);

/// <summary>Another form of an answer, whose lines are told in the description.</summary>
internal sealed record ApiText(int Status, string MediaType);

/// <summary>Who may call an endpoint whose own code looks at the bearer: the name of a security scheme.</summary>
internal sealed record ApiBearer(string Scheme);

internal static class ApiProblemsExtensions
{
    public static T Problems<T>(this T endpoint, int status, params string[] names)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new ApiProblems(status, names));
}
