using System.Text.Json.Nodes;
using AdminPortal.Core.Scim;

namespace AdminPortal.Web.Scim;

/// <summary>What the portal can, in SCIM's own form (RFC 7643, sections 5 to 7).</summary>
internal static class ScimDescription
{
    private const string Core = "urn:ietf:params:scim:schemas:core:2.0:";

    public static JsonObject ServiceProvider(string root) => new()
    {
        ["schemas"] = new JsonArray($"{Core}ServiceProviderConfig"),
        ["patch"] = Supported(true),
        ["bulk"] = new JsonObject { ["supported"] = false, ["maxOperations"] = 0, ["maxPayloadSize"] = 0 },
        ["filter"] = new JsonObject { ["supported"] = true, ["maxResults"] = ScimUsers.MostPerPage },
        ["changePassword"] = Supported(false),
        ["sort"] = Supported(false),
        ["etag"] = Supported(false),
        ["authenticationSchemes"] = new JsonArray(new JsonObject
        {
            ["type"] = "oauthbearertoken",
            ["name"] = "SCIM key",
            ["description"] = "A key that an admin of the portal makes, under Service keys.",
            ["primary"] = true,
        }),
        ["meta"] = Meta("ServiceProviderConfig", $"{root}/ServiceProviderConfig"),
    };

    public static JsonObject ResourceType(string root) => new()
    {
        ["schemas"] = new JsonArray($"{Core}ResourceType"),
        ["id"] = "User",
        ["name"] = "User",
        ["endpoint"] = "/Users",
        ["description"] = "An account of the portal",
        ["schema"] = ScimAnswer.UserSchema,
        ["meta"] = Meta("ResourceType", $"{root}/ResourceTypes/User"),
    };

    public static JsonObject Schema(string root) => new()
    {
        ["schemas"] = new JsonArray($"{Core}Schema"),
        ["id"] = ScimAnswer.UserSchema,
        ["name"] = "User",
        ["description"] = "An account of the portal",
        ["attributes"] = new JsonArray(
            Attribute("userName", "Unique; an e-mail address, unless emails has one", isRequired: true, uniqueness: "server"),
            Attribute("displayName", "Kept for the directory"),
            Complex("name", "Kept for the directory", isMany: false, Attribute("formatted", "Made of the others", mutability: "readOnly"), Attribute("givenName", ""), Attribute("familyName", "")),
            Complex("emails", "The primary one is what the person signs in with, if userName is no address", isMany: true, Attribute("value", ""), Attribute("type", ""), Attribute("primary", "", "boolean")),
            Attribute("active", "False: the account is disabled, and its devices are revoked", "boolean")),
        ["meta"] = Meta("Schema", $"{root}/Schemas/{ScimAnswer.UserSchema}"),
    };

    private static JsonObject Supported(bool isSupported) => new() { ["supported"] = isSupported };

    private static JsonObject Meta(string type, string location) => new() { ["resourceType"] = type, ["location"] = location };

    private static JsonObject Complex(string name, string description, bool isMany, params JsonNode[] parts)
    {
        var attribute = Attribute(name, description, "complex");
        attribute["multiValued"] = isMany;
        attribute["subAttributes"] = new JsonArray(parts);
        return attribute;
    }

    private static JsonObject Attribute(string name, string description, string type = "string", bool isRequired = false, string uniqueness = "none", string mutability = "readWrite") => new()
    {
        ["name"] = name,
        ["type"] = type,
        ["multiValued"] = false,
        ["description"] = description,
        ["required"] = isRequired,
        ["caseExact"] = false,
        ["mutability"] = mutability,
        ["returned"] = "default",
        ["uniqueness"] = uniqueness,
    };
}
