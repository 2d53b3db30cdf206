using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AdminPortal.Data.Devices;

namespace AdminPortal.Web.Introspection;

/// <summary>A question about a device's token (RFC 7662, section 2.1).</summary>
/// <param name="Token">The token that a device presented to the service.</param>
/// <param name="Scope">What the device wants to do, for <c>allowed</c>, separated by spaces; absent: the service looks at <c>scope</c> itself.</param>
public sealed record IntrospectRequest([property: Required, JsonConverter(typeof(TokenTextConverter))] string? Token, string? Scope);

/// <summary>The answer (RFC 7662, section 2.2). For anything that is not a live token it is exactly <c>{"active":false}</c>.</summary>
/// <param name="Sub">The person's id.</param>
/// <param name="Scope">Every scope in force, separated by spaces; with FULL_ACCESS all of them.</param>
/// <param name="Exp">When the pairing ends by itself, in seconds since 1970.</param>
/// <param name="Allowed">Whether all scopes that were asked for are in force; absent when none was.</param>
/// <param name="ClientId">The device's id, by the name that the RFC has for who got the token.</param>
public sealed record IntrospectAnswer(
    [property: JsonPropertyName("active")] bool Active,
    [property: JsonPropertyName("token_type"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TokenType = null,
    [property: JsonPropertyName("sub"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Sub = null,
    [property: JsonPropertyName("device_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DeviceId = null,
    [property: JsonPropertyName("device_type"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DeviceType? DeviceType = null,
    [property: JsonPropertyName("scope"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Scope = null,
    [property: JsonPropertyName("exp"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Exp = null,
    [property: JsonPropertyName("allowed"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Allowed = null,
    [property: JsonPropertyName("client_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ClientId = null);
