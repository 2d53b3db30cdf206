namespace AdminPortal.Core.Devices;

/// <summary>Rules for names that people and devices give: at most 80 characters, no control characters.</summary>
internal static class Names
{
    public const int MaximumLength = 80;

    /// <summary>The sentence that says what is wrong with the name, or null.</summary>
    public static string? Check(string? name) => name switch
    {
        { Length: > MaximumLength } => $"A name has at most {MaximumLength} characters.",
        not null when name.Any(char.IsControl) => "A name has no control characters.",
        _ => null,
    };

    /// <summary>Trimmed; null when nothing is left.</summary>
    public static string? Clean(string? name) => string.IsNullOrWhiteSpace(name) ? null : name.Trim();
}
