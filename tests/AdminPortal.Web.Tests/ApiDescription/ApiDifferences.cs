using System.Globalization;
using System.Text.Json.Nodes;

namespace AdminPortal.Web.Tests.ApiDescription;

/// <summary>
/// Differences between two documents of the API that break a program written against the first: what it calls, sends or reads is no
/// longer there, or something is wanted that it does not send. More answers, fields and words in answers break nothing.
/// </summary>
internal sealed class ApiDifferences
{
    private readonly JsonObject before;
    private readonly JsonObject after;
    private readonly List<string> found = [];
    private readonly HashSet<string> seen = [];

    private ApiDifferences(JsonObject before, JsonObject after) => (this.before, this.after) = (before, after);

    public static IReadOnlyList<string> Breaking(JsonObject before, JsonObject after)
    {
        var differences = new ApiDifferences(before, after);
        differences.Compare();
        return differences.found;
    }

    private void Compare()
    {
        foreach (var (path, methods) in before["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                if (after["paths"]![path]?[method] is JsonObject now)
                {
                    Operation($"{method} {path}", operation!.AsObject(), now);
                }
                else
                {
                    found.Add($"{method} {path} is gone");
                }
            }
        }
    }

    private void Operation(string at, JsonObject was, JsonObject now)
    {
        if (was["operationId"]!.GetValue<string>() != now["operationId"]!.GetValue<string>())
        {
            found.Add($"{at} has another operationId");
        }

        foreach (var way in was["security"] as JsonArray ?? [])
        {
            if (now["security"] is JsonArray ways && ways.Count > 0 && !ways.Any(w => JsonNode.DeepEquals(w, way)))
            {
                found.Add($"{at} cannot be called with {way!.ToJsonString()} any more");
            }
        }

        if (was["security"] is JsonArray { Count: 0 } && now["security"] is JsonArray { Count: > 0 })
        {
            found.Add($"{at} is no longer open to anyone");
        }

        var (old, current) = (Parameters(was), Parameters(now));
        found.AddRange(old.Keys.Except(current.Keys).Select(name => $"{at}: parameter {name} is gone"));
        found.AddRange(current.Where(p => !IsRequired(old.GetValueOrDefault(p.Key)) && IsRequired(p.Value)).Select(p => $"{at}: parameter {p.Key} is required now"));
        foreach (var (name, parameter) in old.Where(p => current.ContainsKey(p.Key)))
        {
            Schema($"{at}: parameter {name}", parameter["schema"]!, current[name]["schema"]!, isInput: true);
        }

        if (!IsRequired(was["requestBody"] as JsonObject) && IsRequired(now["requestBody"] as JsonObject))
        {
            found.Add($"{at}: a body is required now");
        }

        Content($"{at}: body", was["requestBody"]?["content"], now["requestBody"]?["content"], isInput: true);
        foreach (var (status, response) in was["responses"]!.AsObject())
        {
            if (now["responses"]![status] is { } answer)
            {
                Content($"{at}: {status}", response!["content"], answer["content"], isInput: false);
            }
            else if (status[0] == '2')
            {
                found.Add($"{at}: {status} is gone");
            }
        }
    }

    private void Content(string at, JsonNode? was, JsonNode? now, bool isInput)
    {
        foreach (var (type, media) in was as JsonObject ?? [])
        {
            if (now?[type] is { } same)
            {
                Schema($"{at} {type}", media!["schema"]!, same["schema"]!, isInput);
            }
            else
            {
                found.Add($"{at} {type} is gone");
            }
        }
    }

    private void Schema(string at, JsonNode was, JsonNode now, bool isInput)
    {
        var pair = $"{was["$ref"]} {now["$ref"]} {isInput}";
        if (was["$ref"] is not null && now["$ref"] is not null && !seen.Add(pair))
        {
            return;
        }

        var (old, current) = (Resolve(before, was), Resolve(after, now));
        var (from, to) = (Kinds(old), Kinds(current));
        // A body may accept more than before, and an answer may bring less.
        var lost = isInput ? from.Except(to) : to.Except(from);
        if (from.Count > 0 && to.Count > 0)
        {
            found.AddRange(lost.Select(kind => isInput ? $"{at} cannot be {kind} any more" : $"{at} may be {kind} now"));
        }

        Words(at, old, current, isInput);
        Limits(at, old, current, isInput);
        Members(at, old, current, isInput);
        if (old["items"] is { } item && current["items"] is { } newItem)
        {
            Schema($"{at}[]", item, newItem, isInput);
        }

        foreach (var form in (string[])["oneOf", "allOf"])
        {
            var (choices, newChoices) = (old[form] as JsonArray ?? [], current[form] as JsonArray ?? []);
            for (var i = 0; i < choices.Count; i++)
            {
                var same = choices[i]!["$ref"] is { } reference ? newChoices.FirstOrDefault(c => c!["$ref"]?.GetValue<string>() == reference.GetValue<string>()) : newChoices.ElementAtOrDefault(i);
                if (same is not null)
                {
                    Schema(at, choices[i]!, same, isInput);
                }
                else if (isInput || form == "allOf")
                {
                    found.Add($"{at}: {choices[i]!["$ref"]?.GetValue<string>() ?? "a choice"} is gone");
                }
            }
        }
    }

    private void Words(string at, JsonObject old, JsonObject current, bool isInput)
    {
        if (!isInput || current["enum"] is not JsonArray now)
        {
            return;
        }

        if (old["enum"] is JsonArray was)
        {
            found.AddRange(was.Where(word => !now.Any(w => JsonNode.DeepEquals(w, word))).Select(word => $"{at} cannot be {word?.ToJsonString() ?? "null"} any more"));
        }
        else
        {
            found.Add($"{at} can only be {now.ToJsonString()} now");
        }
    }

    private void Limits(string at, JsonObject old, JsonObject current, bool isInput)
    {
        foreach (var (name, isTighter) in new (string, Func<double, double, bool>)[]
            { ("maxLength", (was, now) => now < was), ("maximum", (was, now) => now < was), ("maxItems", (was, now) => now < was), ("minLength", (was, now) => now > was), ("minimum", (was, now) => now > was) })
        {
            if (isInput && current[name] is { } now && (old[name] is not { } was || isTighter(Number(was), Number(now))))
            {
                found.Add($"{at} has {name} {now} now");
            }
        }
    }

    private void Members(string at, JsonObject old, JsonObject current, bool isInput)
    {
        var (was, now) = (old["properties"] as JsonObject ?? [], current["properties"] as JsonObject ?? []);
        var (required, newlyRequired) = (Required(old), Required(current));
        foreach (var (name, schema) in was)
        {
            if (now[name] is { } same)
            {
                Schema($"{at}.{name}", schema!, same, isInput);
            }
            else
            {
                found.Add($"{at}.{name} is gone");
            }
        }

        found.AddRange(isInput
            ? newlyRequired.Except(required).Select(name => $"{at}.{name} is required now")
            : required.Except(newlyRequired).Where(now.ContainsKey).Select(name => $"{at}.{name} may be absent now"));
    }

    private static Dictionary<string, JsonObject> Parameters(JsonObject operation) =>
        (operation["parameters"] as JsonArray ?? []).Select(p => p!.AsObject()).ToDictionary(p => $"{p["in"]} {p["name"]}", StringComparer.Ordinal);

    private static double Number(JsonNode node) => double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);

    private static bool IsRequired(JsonObject? part) => part?["required"]?.GetValue<bool>() == true;

    private static List<string> Required(JsonObject schema) => [.. (schema["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>())];

    private static List<string> Kinds(JsonObject schema) =>
        schema["type"] switch { JsonArray several => [.. several.Select(k => k!.GetValue<string>())], JsonValue one => [one.GetValue<string>()], _ => [] };

    private static JsonObject Resolve(JsonObject document, JsonNode schema) =>
        schema["$ref"]?.GetValue<string>() is { } reference ? Resolve(document, document["components"]!["schemas"]![reference.Split('/')[^1]]!) : schema.AsObject();
}
