using System.Globalization;
using System.Text.Json.Nodes;
using AdminPortal.Core.Scim;

namespace AdminPortal.Web.Scim;

/// <summary>Answers in SCIM's own form (RFC 7644, sections 3.4.2 and 3.12).</summary>
internal static class ScimAnswer
{
    public const string ContentType = "application/scim+json";
    public const string UserSchema = "urn:ietf:params:scim:schemas:core:2.0:User";

    private const string Messages = "urn:ietf:params:scim:api:messages:2.0:";

    public static IResult Json(JsonNode body, int status = StatusCodes.Status200OK) => Results.Text(body.ToJsonString(), ContentType, System.Text.Encoding.UTF8, status);

    /// <param name="type">One of the words of section 3.12; null: none fits.</param>
    public static IResult Error(int status, string detail, string? type = null)
    {
        var body = new JsonObject
        {
            ["schemas"] = new JsonArray($"{Messages}Error"),
            ["status"] = status.ToString(CultureInfo.InvariantCulture),
            ["detail"] = detail,
        };
        if (type is not null)
        {
            body["scimType"] = type;
        }

        return Json(body, status);
    }

    public static IResult Error(ScimOutcome outcome) => outcome switch
    {
        ScimOutcome.NotFound => Error(StatusCodes.Status404NotFound, outcome.Message),
        ScimOutcome.Taken => Error(StatusCodes.Status409Conflict, outcome.Message, "uniqueness"),
        ScimOutcome.Invalid => Error(StatusCodes.Status400BadRequest, outcome.Message, "invalidValue"),
        _ => Error(StatusCodes.Status400BadRequest, outcome.Message, "mutability"),
    };

    public static JsonObject List(IEnumerable<JsonNode> resources, int total, int startIndex = 1)
    {
        var rows = new JsonArray([.. resources]);
        return new JsonObject
        {
            ["schemas"] = new JsonArray($"{Messages}ListResponse"),
            ["totalResults"] = total,
            ["startIndex"] = startIndex,
            ["itemsPerPage"] = rows.Count,
            ["Resources"] = rows,
        };
    }

    /// <param name="root">The portal's public address.</param>
    public static JsonObject User(ScimRow row, string root)
    {
        var user = row.User;
        var body = new JsonObject { ["schemas"] = new JsonArray(UserSchema), ["id"] = row.Id };
        Add(body, "externalId", user.ExternalId);
        Add(body, "userName", user.UserName);
        Add(body, "displayName", user.DisplayName);
        if (user.GivenName is not null || user.FamilyName is not null)
        {
            var name = new JsonObject();
            Add(name, "givenName", user.GivenName);
            Add(name, "familyName", user.FamilyName);
            Add(name, "formatted", string.Join(' ', new[] { user.GivenName, user.FamilyName }.OfType<string>()));
            body["name"] = name;
        }

        body["emails"] = new JsonArray(new JsonObject { ["value"] = user.Email, ["type"] = "work", ["primary"] = true });
        body["active"] = user.Active;
        body["meta"] = new JsonObject
        {
            ["resourceType"] = "User",
            ["created"] = Time(row.Created),
            ["lastModified"] = Time(row.LastModified),
            ["location"] = Location(row, root),
        };
        return body;
    }

    public static string Location(ScimRow row, string root) => $"{root.TrimEnd('/')}{ScimEndpoints.Root}/Users/{Uri.EscapeDataString(row.Id)}";

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static void Add(JsonObject to, string name, string? value)
    {
        if (value is not null)
        {
            to[name] = value;
        }
    }
}
