using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Activity;

/// <summary>Section <c>Audit</c> of the configuration.</summary>
public sealed class AuditOptions
{
    public const string Section = "Audit";

    /// <summary>A file to which the record is appended, one JSON object on a line; absent: there is none.</summary>
    public string? File { get; set; }
}

/// <summary>A file that cannot be written stops the start, so that nobody finds out later that nothing was kept.</summary>
internal sealed class AuditOptionsValidator : IValidateOptions<AuditOptions>
{
    public ValidateOptionsResult Validate(string? name, AuditOptions options)
    {
        try
        {
            using var file = options.File is { Length: > 0 } path ? AuditFile.Open(path) : null;
            return ValidateOptionsResult.Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return ValidateOptionsResult.Fail($"Audit:File names {options.File}, which the portal cannot write: {exception.Message}");
        }
    }
}

/// <summary>
/// The record as a file of JSON lines. Opened anew for each batch and only ever appended to, so that logrotate may rename it or copy and
/// truncate it, without telling the portal.
/// </summary>
internal sealed class AuditFile(IOptions<AuditOptions> options) : IAuditSink
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // breaks of lines and quotes are escaped all the same
    };

    public string? Name => options.Value.File is { Length: > 0 } path ? $"file:{Environment.MachineName}:{Path.GetFullPath(path)}" : null;

    public async Task WriteAsync(IReadOnlyList<AuditLine> lines, CancellationToken cancellationToken)
    {
        var text = new MemoryStream();
        foreach (var line in lines)
        {
            JsonSerializer.Serialize(text, line, Format);
            text.WriteByte((byte)'\n');
        }

        await using var file = Open(options.Value.File!);
        await file.WriteAsync(text.GetBuffer().AsMemory(0, (int)text.Length), cancellationToken);
        file.Flush(flushToDisk: true);
    }

    internal static FileStream Open(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Append,
        Access = FileAccess.Write,
        Share = FileShare.ReadWrite | FileShare.Delete,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
        BufferSize = 0,
    });
}
