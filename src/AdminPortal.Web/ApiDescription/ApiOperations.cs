using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.ApiDescription;

/// <summary>Completes the operations of the document: callers, problems by status, headers and examples.</summary>
internal sealed class ApiOperations(EndpointDataSource endpoints)
{
    private const string ProblemJson = "application/problem+json";

    private static readonly Dictionary<int, string> Meanings = new()
    {
        [400] = "The request is not valid.",
        [401] = "The caller is not known, or no longer.",
        [403] = "The caller may not do this.",
        [404] = "There is nothing here, or not for this caller.",
        [409] = "It cannot be done as things stand.",
        [410] = "It is over.",
        [413] = "The body is too large.",
        [415] = "The body is of another type.",
        [429] = "Too many calls. Wait as long as Retry-After says.",
        [503] = "Nothing was done. Send the same again after Retry-After.",
    };

    public void Complete(JsonObject paths)
    {
        var named = endpoints.Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<IEndpointNameMetadata>() is not null)
            .ToDictionary(e => e.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName, StringComparer.Ordinal);
        foreach (var (_, path) in paths)
        {
            foreach (var (method, value) in path!.AsObject())
            {
                var operation = value!.AsObject();
                Complete(operation, named[operation["operationId"]!.GetValue<string>()].Metadata, changes: method != "get");
            }
        }
    }

    private static void Complete(JsonObject operation, EndpointMetadataCollection metadata, bool changes)
    {
        operation["description"] ??= operation["summary"]!.GetValue<string>().TrimEnd('.') + ".";
        var callers = ApiSecurity.Callers(metadata);
        operation["security"] = ApiSecurity.Of(callers, changes);
        Parameters(operation, metadata);

        var responses = operation["responses"]!.AsObject();
        foreach (var (status, names) in Problems(operation, metadata, callers, changes))
        {
            var own = metadata.OfType<ApiExample>().FirstOrDefault(e => e.Status == status && e.Response is not null)?.Response;
            responses[status.ToString(System.Globalization.CultureInfo.InvariantCulture)] = Problem(status, names, own is null ? null : JsonNode.Parse(own));
        }

        responses["default"] = new JsonObject
        {
            ["description"] = "Anything else, such as a failure of the server.",
            ["content"] = Content(ProblemJson, ApiSchemas.Reference("Problem"), JsonSerializer.SerializeToNode(ApiProblem.For(500), ApiSchemas.Json)!),
        };
        foreach (var form in metadata.OfType<ApiText>())
        {
            responses[form.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)]!["content"]![form.MediaType] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
        }

        Headers(responses, metadata);
        Examples(operation, responses, [.. metadata.OfType<ApiExample>()]);
    }

    /// <summary>Words that a parameter may be.</summary>
    private static void Parameters(JsonObject operation, EndpointMetadataCollection metadata)
    {
        var parameters = metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [];
        foreach (var parameter in (operation["parameters"] as JsonArray ?? []).Select(p => p!.AsObject()))
        {
            ApiSchemas.Clean(parameter["schema"]!.AsObject());
            var schema = parameter["schema"]!.AsObject();
            ApiSchemas.WithoutNull(schema);
            if (Array.Find(parameters, p => p.Name == parameter["name"]!.GetValue<string>()) is { } declared)
            {
                ApiSchemas.Limit(schema, declared.GetCustomAttributes());
            }
        }
    }

    private static SortedDictionary<int, List<string>> Problems(JsonObject operation, EndpointMetadataCollection metadata, ApiCallers callers, bool changes)
    {
        var problems = new SortedDictionary<int, List<string>>();
        var ofDevices = metadata.GetMetadata<DeviceApi.OfDevices>() is not null;
        foreach (var own in metadata.OfType<ApiProblems>())
        {
            Add(own.Status, [.. own.Names]);
        }

        if (operation["requestBody"] is not null)
        {
            Add(400, "invalid-request");
            Add(413, "request-too-large");
            Add(415, ofDevices ? ["unsupported-media-type", "content-encoding-unsupported"] : ["unsupported-media-type"]);
        }

        if (operation["parameters"] is not null)
        {
            Add(400, "invalid-request");
        }

        if (callers is not (ApiCallers.Anyone or ApiCallers.Poll or ApiCallers.DeadDevice))
        {
            Add(401, "sign-in-required");
            Add(403, "forbidden");
        }

        if (callers.HasFlag(ApiCallers.Person) && changes)
        {
            Add(400, "antiforgery-token-missing");
        }

        if (callers.HasFlag(ApiCallers.Device))
        {
            Add(401, "device-revoked", "device-quarantined", "device-expired", "token-unknown");
            Add(429, "too-many-requests");
        }

        if (callers.HasFlag(ApiCallers.Service))
        {
            Add(401, "service-key-unknown");
        }

        if (operation["responses"]!["503"] is null)
        {
            Add(503, "database-unavailable");
        }

        return problems;

        void Add(int status, params string[] names)
        {
            if (!problems.TryGetValue(status, out var all))
            {
                problems.Add(status, all = []);
            }

            all.AddRange(names.Except(all));
        }
    }

    private static JsonObject Problem(int status, List<string> names, JsonNode? example)
    {
        var types = names.ConvertAll(name => ApiProblem.TypePrefix + name);
        var schema = new JsonObject
        {
            ["allOf"] = new JsonArray(
                ApiSchemas.Reference("Problem"),
                new JsonObject
                {
                    ["type"] = "object",
                    ["required"] = new JsonArray("type"),
                    ["properties"] = new JsonObject { ["type"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. types.Select(type => JsonValue.Create(type))]) } },
                }),
        };
        example ??= JsonSerializer.SerializeToNode(ApiProblem.Create(status, names[0], Meanings[status]), ApiSchemas.Json);
        return new JsonObject { ["description"] = Meanings[status], ["content"] = Content(ProblemJson, schema, example!) };
    }

    private static JsonObject Content(string type, JsonObject schema, JsonNode example) =>
        new() { [type] = new JsonObject { ["schema"] = schema, ["example"] = example } };

    private static void Headers(JsonObject responses, EndpointMetadataCollection metadata)
    {
        foreach (var (status, response) in responses)
        {
            var headers = new JsonObject();
            switch (status)
            {
                case "401":
                    headers["WWW-Authenticate"] = Header("string", "What is wrong with the credentials (RFC 9110).");
                    break;
                case "415" when metadata.GetMetadata<DeviceApi.OfDevices>() is not null:
                    headers["Accept-Encoding"] = Header("string", "With content-encoding-unsupported: how a body may be packed.");
                    break;
                case "429":
                case "503" when HasProblem(response!):
                    headers["Retry-After"] = Header("integer", "Seconds after which trying again makes sense.");
                    break;
            }

            foreach (var own in metadata.OfType<ApiHeader>().Where(h => status == h.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)))
            {
                headers[own.Name] = Header(own.Name == "Retry-After" ? "integer" : "string", own.Description);
            }

            if (headers.Count > 0)
            {
                response!["headers"] = headers;
            }
        }
    }

    private static bool HasProblem(JsonNode response) => (response["content"] as JsonObject)?.ContainsKey(ProblemJson) == true;

    private static JsonObject Header(string type, string description) =>
        new() { ["description"] = description, ["schema"] = new JsonObject { ["type"] = type } };

    private static void Examples(JsonObject operation, JsonObject responses, List<ApiExample> examples)
    {
        if (examples.Find(e => e.Request is not null) is { Request: { } request })
        {
            foreach (var (_, body) in operation["requestBody"]?["content"]?.AsObject() ?? [])
            {
                body!["example"] = JsonNode.Parse(request);
            }
        }

        foreach (var (code, response) in responses)
        {
            foreach (var (mediaType, content) in response!["content"]?.AsObject() ?? [])
            {
                var ofThisForm = examples.FindAll(e => e.MediaType == mediaType);
                if (mediaType != ProblemJson && Example(ofThisForm.Count > 0 ? ofThisForm : examples.FindAll(e => e.MediaType is null), code) is { } example)
                {
                    content!["example"] = JsonNode.Parse(example);
                }
            }
        }
    }

    private static string? Example(List<ApiExample> examples, string code) =>
        int.TryParse(code, out var status)
            ? (examples.Find(e => e.Response is not null && e.Status == status) ?? examples.Find(e => e.Response is not null && e.Status is null && status is >= 200 and < 300))?.Response
            : null;
}
