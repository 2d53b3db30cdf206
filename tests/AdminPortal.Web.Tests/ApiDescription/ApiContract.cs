using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AdminPortal.Web.Tests.Hosting;

namespace AdminPortal.Web.Tests.ApiDescription;

/// <summary>
/// Holds the answers of the API against its own document: every status, header, body and problem that a test sees has to be declared.
/// </summary>
internal sealed class ApiContract(JsonObject document)
{
    private const string ProblemJson = "application/problem+json";

    /// <summary>What belongs to no operation: the server's own answers.</summary>
    private static readonly string[] AnyTime = ["405", "406", "408", "500"];

    private static readonly HttpClient Http = new();
    private static readonly ConcurrentDictionary<Uri, Task<ApiContract?>> Contracts = new();

    /// <summary>Of the portal that listens there; null: it has none, as when it is going down.</summary>
    public static Task<ApiContract?> OfAsync(Uri portal) => Contracts.GetOrAdd(portal, async address =>
    {
        try
        {
            return JsonNode.Parse(await Http.GetStringAsync(new Uri(address, "/openapi/v1.json"))) is JsonObject found ? new ApiContract(found) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    });

    /// <summary>What is wrong with an answer; null: nothing, or the call is not the API's.</summary>
    public string? Fault(string method, string path, ApiAnswer answer)
    {
        if (Find(method, path.Split('?', '#')[0]) is not { } operation)
        {
            return null;
        }

        var status = ((int)answer.Status).ToString(CultureInfo.InvariantCulture);
        var response = operation["responses"]![status] ?? (Array.IndexOf(AnyTime, status) >= 0 ? operation["responses"]!["default"] : null);
        if (response is null)
        {
            return $"{status} is not declared";
        }

        foreach (var (header, _) in response["headers"] as JsonObject ?? [])
        {
            if (header == "Retry-After" && status is "429" or "503" && !answer.Headers.Contains(header))
            {
                return $"{header} is declared, and was not sent with {status}";
            }
        }

        if (answer.Headers.Contains("Retry-After") && response["headers"]?["Retry-After"] is null)
        {
            return $"Retry-After was sent with {status}, and is not declared";
        }

        if (response["content"] is not JsonObject content)
        {
            return answer.Text.Length == 0 ? null : $"{status} is declared without a body";
        }

        if (answer.ContentType is null || content[answer.ContentType] is not { } media)
        {
            return $"{answer.ContentType ?? "no body"} of {status} is not declared";
        }

        if (!answer.ContentType.EndsWith("json", StringComparison.Ordinal) || answer.ContentType.EndsWith("ndjson", StringComparison.Ordinal))
        {
            return null;
        }

        var body = JsonNode.Parse(answer.Text, documentOptions: new JsonDocumentOptions { MaxDepth = 1_000 });
        return status == "401" && answer.ContentType == ProblemJson
            ? Fault(document["components"]!["schemas"]!["Problem"]!, body, "$") // a bearer of another kind of caller has the types of that kind
            : Fault(media["schema"]!, body, "$");
    }

    /// <summary>What of a value does not fit a schema; null: all fits.</summary>
    public string? Fault(JsonNode schema, JsonNode? value, string at)
    {
        var rules = Resolve(schema);
        if (rules["oneOf"] is JsonArray choices)
        {
            var fits = choices.Count(choice => Fault(choice!, value, at) is null);
            return fits == 1 ? null : $"{at} fits {fits} of the {choices.Count} choices: {value?.ToJsonString()}";
        }

        if (rules["allOf"] is JsonArray parts)
        {
            return parts.Select(part => Fault(part!, value, at, isPart: true)).FirstOrDefault(fault => fault is not null);
        }

        return Fault(schema, value, at, isPart: false);
    }

    private string? Fault(JsonNode schema, JsonNode? value, string at, bool isPart)
    {
        var rules = Resolve(schema);
        var kinds = rules["type"] switch { JsonArray several => several.Select(k => k!.GetValue<string>()).ToList(), JsonValue one => [one.GetValue<string>()], _ => new List<string>() };
        if (kinds.Count == 0 && rules["oneOf"] is null)
        {
            return $"{at} has a schema without a type";
        }

        if (!kinds.Any(kind => IsOf(kind, value)))
        {
            return $"{at} is {value?.ToJsonString() ?? "null"} and not {string.Join(" or ", kinds)}";
        }

        if (rules["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, value)))
        {
            return $"{at} is {value?.ToJsonString()}, which is none of {words.ToJsonString()}";
        }

        return value switch
        {
            JsonObject members => Members(rules, members, at, isPart),
            JsonArray items when rules["items"] is { } item => items.Select((each, i) => Fault(item, each, $"{at}[{i}]")).FirstOrDefault(fault => fault is not null),
            JsonArray when rules["items"] is null => $"{at} is a list whose items are not described",
            _ => null,
        };
    }

    private string? Members(JsonObject rules, JsonObject members, string at, bool isPart)
    {
        if ((rules["required"] as JsonArray ?? []).FirstOrDefault(name => !members.ContainsKey(name!.GetValue<string>())) is { } missing)
        {
            return $"{at}.{missing} is missing";
        }

        foreach (var (name, value) in members)
        {
            var schema = rules["properties"]?[name] ?? (rules["additionalProperties"] is JsonObject any ? any : null);
            if (schema is null && !isPart && rules["additionalProperties"] is null)
            {
                return $"{at}.{name} is not declared";
            }

            if (schema is not null && Fault(schema, value, $"{at}.{name}") is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private JsonObject? Find(string method, string path)
    {
        var given = path.Trim('/').Split('/');
        var found = document["paths"]!.AsObject()
            .Where(p => p.Key.Trim('/').Split('/') is { } known && known.Length == given.Length && known.Zip(given).All(s => s.First == s.Second || s.First[0] == '{'))
            .OrderBy(p => p.Key.Count(c => c == '{')).Select(p => p.Value).FirstOrDefault();
        return found?[method.ToLowerInvariant()] as JsonObject;
    }

    private JsonObject Resolve(JsonNode schema) =>
        schema["$ref"]?.GetValue<string>() is { } reference ? Resolve(document["components"]!["schemas"]![reference.Split('/')[^1]]!) : schema.AsObject();

    private static bool IsOf(string kind, JsonNode? value) => (kind, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("null", JsonValueKind.Null) or ("string", JsonValueKind.String) or ("number", JsonValueKind.Number) or ("boolean", JsonValueKind.True or JsonValueKind.False)
            or ("array", JsonValueKind.Array) or ("object", JsonValueKind.Object) => true,
        ("integer", JsonValueKind.Number) => value!.ToJsonString().IndexOfAny(['.', 'e', 'E']) < 0,
        _ => false,
    };
}
