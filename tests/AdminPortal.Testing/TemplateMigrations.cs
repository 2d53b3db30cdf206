namespace AdminPortal.Testing;

/// <summary>How the template databases get their schema. The one place where the fixture meets the EF contexts.</summary>
/// <remarks>
/// Each is given an owner's connection string without pooling, because a template with an open connection cannot be copied.
/// Null leaves the template empty.
/// </remarks>
internal static class TemplateMigrations
{
    public static Func<string, CancellationToken, Task>? MigrateDeviceDatabase => null;

    public static Func<string, CancellationToken, Task>? MigratePortalDatabase => null;
}
