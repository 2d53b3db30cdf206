using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>Makes requests that are right at first sight and wrong in one or two places, or wrong from end to end.</summary>
internal sealed class HostileRequests(Random random, string?[] bearers, string[] goodBodies)
{
    /// <summary>With the number of the body that would be right, in the order of <see cref="Bodies"/>.</summary>
    private static readonly (string Method, string Path, int Body)[] Calls =
    [
        ("POST", "/api/auth/login", 5), ("POST", "/api/auth/refresh", 6), ("GET", "/api/auth/csrf", 0), ("POST", "/api/qr/sessions", 2), ("GET", "/api/qr/sessions/{0}", 0),
        ("POST", "/api/qr/sessions/{0}/confirm", 4), ("POST", "/api/qr/sessions/{0}/refuse", 4), ("POST", "/api/qr/pair", 0), ("POST", "/api/qr/pair", 1),
        ("POST", "/api/qr/pair/preview", 0), ("GET", "/api/qr/pair/{0}", 0), ("GET", "/api/qr/pair", 0), ("DELETE", "/api/qr/pair/{0}?reason={1}", 0),
        ("POST", "/api/qr/permissions", 3), ("GET", "/api/devices?search={1}&state={2}&type={2}&sort={2}&cursor={3}&limit={4}", 0),
        ("GET", "/api/devices?search={1}&sort=name&cursor={3}", 0), ("POST", "/api/qr/introspect", 7), ("GET", "/api/qr/authorize?scope={1}&scope={2}", 0), ("GET", "/api/health?{1}", 0), ("GET", "/api/{0}", 0), ("PATCH", "/api/qr/pair", 0), ("TRACE", "/api/devices", 0),
    ];

    private static readonly string[] Texts =
    [
        "", " ", "\0", "a\0b", "null", "undefined", "true", "-1", "0", "1e999", "99999999999999999999", "NaN", "' OR '1'='1", "\"; DROP TABLE users; --", "%00", "%",
        "_", "\\", "../../etc/passwd", "<script>alert(1)</script>", "${jndi:ldap://x}", "{{7*7}}", "\r\nSet-Cookie: a=b", "\u202e", "\ufeff", "\uffff", "😀", "e\u0301",
        "İstanbul", "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z", "2030-02-30", "WRITE_NOTES", "FULL_ACCESS", "MOBILE_IOS",
        new('x', 81), new('y', 600), new('[', 200), string.Concat(Enumerable.Repeat("😀", 260)), "d1", "dvc_d1", "active", "name", "-lastSeen",
        "eyJTb3J0IjoibGFzdFNlZW4iLCJEZXNjZW5kaW5nIjp0cnVlLCJLZXkiOiI5OTk5OTk5OTk5OTk5OTk5OTk5OSIsIklkIjoieCIsIkJhY2t3YXJkcyI6ZmFsc2V9",
        "eyJTb3J0IjoibmFtZSIsIkRlc2NlbmRpbmciOmZhbHNlLCJLZXkiOiJcdTAwMDAiLCJJZCI6InkiLCJCYWNrd2FyZHMiOnRydWV9",
    ];

    private static readonly string[] ContentTypes =
    [
        "application/json; charset=utf-16", "application/json; charset=klingon",
        "application/json; charset=utf-7", "text/plain", "multipart/form-data", "multipart/form-data; boundary=", "application/x-www-form-urlencoded", "application/problem+json", "*/*", "json",
    ];

    private static readonly string[] HeaderNames =
    [
        "X-Forwarded-For", "X-Forwarded-Proto", "X-CSRF-TOKEN", "Cookie", "Accept", "Accept-Language", "User-Agent", "Origin", "Range", "If-None-Match", "X-HTTP-Method-Override", "Expect",
    ];

    /// <summary>Bodies that are right, for a session that lives.</summary>
    public static string[] Bodies(ApiAnswer session)
    {
        var code = session.Data(System.Net.HttpStatusCode.Created).GetProperty("qrPayload").GetRawText();
        var scan = JsonNode.Parse(code)!;
        scan["deviceId"] = "hostile-1";
        scan["deviceType"] = "TABLET";
        return
        [
            $$"""{"qrPayload":{{scan.ToJsonString()}},"deviceName":"n","platform":"p","osVersion":"o","appVersion":"a"}""",
            """{"shortCode":"BCDF-GHJK","deviceId":"hostile-2","deviceType":"DESKTOP","claimKey":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""",
            """{"permissions":["WRITE_NOTES",{"scope":"VIEW_TRANSCRIPT","expiresAt":"2099-01-01T00:00:00Z"}],"deviceType":"TABLET","deviceName":"n","pairingDays":10}""",
            """{"deviceId":"d1","permissions":["WRITE_NOTES",{"scope":"VIEW_TRANSCRIPT","expiresAt":"2099-01-01T00:00:00Z"}]}""",
            """{"matchNumber":"47"}""", """{"email":"somebody@example.org","password":"pass"}""", """{"refreshToken":"CfDJ8"}""",
            """{"token":"dvc_d1","scope":"WRITE_NOTES"}""",
        ];
    }

    public HttpRequestMessage Next(Uri portal)
    {
        var (method, path, right) = Pick(Calls);
        path = string.Format(
            CultureInfo.InvariantCulture, path, Escape(Pick(Texts)), Escape(Pick(Texts)), Escape(Pick(Texts)), Escape(Pick(Texts)), Escape(Pick(Texts)), Escape(Pick(Texts)));
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(portal, path));
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", $"10.{random.Next(256)}.{random.Next(256)}.{random.Next(256)}");
        if (method is "POST" or "PATCH" || random.Next(10) == 0 && method != "TRACE")
        {
            request.Content = new ByteArrayContent(Body(random.Next(8) == 0 ? Pick(goodBodies) : goodBodies[right]));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", random.Next(4) == 0 ? Pick(ContentTypes) : "application/json");
        }

        var bearer = random.Next(6) == 0 ? Pick(Texts) : Pick(bearers);
        if (bearer is not null && HeaderText(bearer) is { } token)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"{(random.Next(20) == 0 ? "Basic" : "Bearer")} {token}");
        }

        for (var header = random.Next(3); header > 0; header--)
        {
            if (HeaderText(Pick(Texts)) is { } text && Pick(HeaderNames) is var name && (name != "Expect" || text.Length == 0))
            {
                request.Headers.Remove(name);
                request.Headers.TryAddWithoutValidation(name, text);
            }
        }

        return request;
    }

    /// <summary>A good body with some values or names changed, cut off, doubled, blown up; or bytes.</summary>
    private byte[] Body(string text)
    {
        switch (random.Next(8))
        {
            case 0:
                return Encoding.UTF8.GetBytes(text);
            case 1:
                return Encoding.UTF8.GetBytes(text[..random.Next(text.Length)]);
            case 2:
                var bytes = new byte[random.Next(300)];
                random.NextBytes(bytes);
                return bytes;
            case 3:
                return Encoding.UTF8.GetBytes(new string(random.Next(2) == 0 ? '[' : ' ', random.Next(20_000)) + text);
            case 4:
                var damaged = Encoding.UTF8.GetBytes(text);
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                return damaged;
            default:
                var node = JsonNode.Parse(text)!;
                for (var changes = random.Next(1, 3); changes > 0; changes--)
                {
                    Change(node);
                }

                return Encoding.UTF8.GetBytes(random.Next(20) == 0 ? node.ToJsonString().Replace("\\uD83D", "\\uDC00", StringComparison.Ordinal) : node.ToJsonString());
        }
    }

    private void Change(JsonNode node)
    {
        if (node is JsonObject inside && inside.Count > 0)
        {
            var name = inside.ElementAt(random.Next(inside.Count)).Key;
            if (inside[name] is JsonObject or JsonArray && random.Next(2) == 0)
            {
                Change(inside[name]!);
            }
            else
            {
                inside[name] = Value();
            }
        }
        else if (node is JsonArray list && list.Count > 0)
        {
            list[random.Next(list.Count)] = Value();
        }
    }

    private JsonNode? Value() => random.Next(7) switch
    {
        0 => null,
        1 => JsonValue.Create(random.NextInt64(long.MinValue, long.MaxValue)),
        2 => JsonValue.Create(random.Next(-1, 12)),
        3 => new JsonArray("WRITE_NOTES", null, new JsonObject { ["scope"] = Pick(Texts) }),
        4 => new JsonObject { ["scope"] = "WRITE_NOTES", ["expiresAt"] = Pick(Texts) },
        _ => JsonValue.Create(Pick(Texts)),
    };

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];

    private static string Escape(string text) => Uri.EscapeDataString(text).Replace(".", "%2E", StringComparison.Ordinal);

    /// <summary>The text where a header can carry it; the client refuses to send the rest.</summary>
    private static string? HeaderText(string text) => text.All(c => c is >= ' ' and < '\u007f') ? text : null;
}
