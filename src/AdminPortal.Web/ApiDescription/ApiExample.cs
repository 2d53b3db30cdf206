namespace AdminPortal.Web.ApiDescription;

/// <summary>Example bodies of an endpoint, as JSON, for the API's description.</summary>
/// <param name="Status">Which answer the example is of; null: every success.</param>
/// <param name="MediaType">Of an answer that comes in several forms, the one it is of.</param>
internal sealed record ApiExample(string? Request, string? Response, int? Status = null, string? MediaType = null)
{
    /// <summary>The problem that an endpoint most often answers with this status.</summary>
    public static ApiExample Problem(int status, string name, string title) => new(
        null, $$"""{"type":"urn:adminportal:problem:{{name}}","title":"{{title}}","status":{{status}},"success":false}""", status);
}
