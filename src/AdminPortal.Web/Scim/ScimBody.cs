using System.Text.Json;
using System.Text.RegularExpressions;
using AdminPortal.Core.Scim;

namespace AdminPortal.Web.Scim;

/// <summary>What a directory sent does not fit. <paramref name="type"/> is a word of RFC 7644, section 3.12.</summary>
internal sealed class ScimBodyException(string type, string message) : Exception(message)
{
    public string Type { get; } = type;
}

/// <summary>
/// Reads users and changes as directories send them: attributes in any case, booleans as texts (Entra ID), changes with and without a path, an
/// object or dotted names as a value. Attributes that the portal does not keep are passed over.
/// </summary>
internal static partial class ScimBody
{
    /// <param name="isActive">When the body does not say: whoever is out stays out.</param>
    public static ScimUser User(JsonElement body, bool isActive) =>
        body.ValueKind == JsonValueKind.Object ? Merge(new ScimUser(null, null, isActive), body) : throw Syntax("A user is a JSON object.");

    /// <summary>RFC 7644, section 3.5.2.</summary>
    public static ScimUser Patched(ScimUser user, JsonElement body)
    {
        if (Property(body, "Operations") is not { ValueKind: JsonValueKind.Array } operations || operations.GetArrayLength() == 0)
        {
            throw Syntax("Send Operations, with at least one.");
        }

        foreach (var operation in operations.EnumerateArray())
        {
            var op = Property(operation, "op") is { ValueKind: JsonValueKind.String } word ? word.GetString()!.ToLowerInvariant() : "";
            var path = Property(operation, "path") is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
            var value = Property(operation, "value");
            user = (op, path, value) switch
            {
                ("add" or "replace", null or "", { ValueKind: JsonValueKind.Object } all) => Merge(user, all),
                ("add" or "replace", null or "", _) => throw new ScimBodyException("invalidValue", "Without a path, value is an object of attributes."),
                ("add" or "replace", _, { } one) => Set(user, path!, one),
                ("add" or "replace", _, null) => throw new ScimBodyException("invalidValue", $"There is no value for {path}."),
                ("remove", null or "", _) => throw new ScimBodyException("noTarget", "Say by path what to remove."),
                ("remove", _, _) => Set(user, path!, default),
                _ => throw Syntax("op is add, replace or remove."),
            };
        }

        return user;
    }

    /// <summary>Null: none was asked for.</summary>
    public static ScimFilter? Filter(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (Comparison().Match(text.Trim()) is { Success: true } match && Attribute(match.Groups["attribute"].Value) is { } attribute)
        {
            try
            {
                return new ScimFilter(attribute, JsonSerializer.Deserialize<string>(match.Groups["value"].Value)!);
            }
            catch (JsonException)
            {
                // Said below.
            }
        }

        throw new ScimBodyException("invalidFilter", "The portal knows one comparison: userName, externalId, id or emails.value eq \"…\".");
    }

    private static ScimAttribute? Attribute(string name) => Plain(name).ToLowerInvariant() switch
    {
        "username" => ScimAttribute.UserName,
        "externalid" => ScimAttribute.ExternalId,
        "id" => ScimAttribute.Id,
        "emails" or "emails.value" or "emails[type eq \"work\"].value" => ScimAttribute.Email,
        _ => null,
    };

    private static ScimUser Merge(ScimUser user, JsonElement attributes)
    {
        foreach (var attribute in attributes.EnumerateObject())
        {
            // In a whole user, id, schemas and meta are the portal's own and are passed over (section 3.3).
            user = attribute.Name.ToLowerInvariant() is "id" or "schemas" or "meta" ? user : Set(user, attribute.Name, attribute.Value);
        }

        return user;
    }

    /// <param name="value">Undefined: take the attribute away.</param>
    private static ScimUser Set(ScimUser user, string path, JsonElement value)
    {
        if (!Path().IsMatch(path))
        {
            throw new ScimBodyException("invalidPath", "The path is not understood.");
        }

        return Plain(path).ToLowerInvariant() switch
        {
            "username" => user with { UserName = Text(path, value) },
            "active" => user with { Active = Boolean(value) },
            "externalid" => user with { ExternalId = Text(path, value) },
            "displayname" => user with { DisplayName = Text(path, value) },
            "name.givenname" => user with { GivenName = Text(path, value) },
            "name.familyname" => user with { FamilyName = Text(path, value) },
            "name" => value.ValueKind switch
            {
                JsonValueKind.Object => value.EnumerateObject().Aggregate(user, (named, part) => Set(named, $"name.{part.Name}", part.Value)),
                JsonValueKind.Undefined or JsonValueKind.Null => user with { GivenName = null, FamilyName = null },
                _ => throw new ScimBodyException("invalidValue", "name is an object."),
            },
            "emails" => user with { Email = Primary(value) },
            var email when WorkEmail().IsMatch(email) => user with { Email = Text(path, value) },
            "id" or "meta" or "schemas" => throw new ScimBodyException("mutability", $"{path} cannot be changed."),
            _ => user,
        };
    }

    /// <summary>Of a list, an object or a text: the primary one, else the work one, else the first.</summary>
    private static string? Primary(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Object => Property(value, "value") is { ValueKind: JsonValueKind.String } one ? one.GetString() : null,
        JsonValueKind.Array => value.EnumerateArray().Where(email => email.ValueKind is JsonValueKind.Object or JsonValueKind.String)
            .OrderByDescending(email => email.ValueKind == JsonValueKind.Object && Property(email, "primary") is { } primary && primary.ValueKind is JsonValueKind.True or JsonValueKind.String && Boolean(primary))
            .ThenByDescending(email => email.ValueKind == JsonValueKind.Object && Property(email, "type") is { ValueKind: JsonValueKind.String } type && type.ValueEquals("work"))
            .Select(Primary).FirstOrDefault(),
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        _ => throw new ScimBodyException("invalidValue", "emails is a list."),
    };

    private static string? Text(string path, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when value.GetString() is { Length: > 0 } text => text,
        JsonValueKind.String or JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => throw new ScimBodyException("invalidValue", $"{path} is a text."),
    };

    private static bool Boolean(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when bool.TryParse(value.GetString(), out var told) => told,
        _ => throw new ScimBodyException("invalidValue", "active is true or false."),
    };

    /// <summary>A member by its name in any case.</summary>
    private static JsonElement? Property(JsonElement from, string name)
    {
        if (from.ValueKind != JsonValueKind.Object)
        {
            throw Syntax("An object is missing.");
        }

        foreach (var member in from.EnumerateObject())
        {
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return member.Value;
            }
        }

        return null;
    }

    /// <summary>Without the schema in front.</summary>
    private static string Plain(string path) => path.StartsWith(ScimAnswer.UserSchema + ":", StringComparison.OrdinalIgnoreCase) ? path[(ScimAnswer.UserSchema.Length + 1)..] : path;

    private static ScimBodyException Syntax(string message) => new("invalidSyntax", message);

    [GeneratedRegex("""^(?<attribute>[A-Za-z][\w:.$\-]*(\[[^\]]*\][\w.]*)?)\s+eq\s+(?<value>".*")$""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Comparison();

    [GeneratedRegex("""^[A-Za-z][\w:.$\-]*(\[[^\]]+\](\.\w+)?)?$""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Path();

    [GeneratedRegex("""^emails\[(type eq "work"|primary eq "?true"?)\]\.value$""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex WorkEmail();
}
