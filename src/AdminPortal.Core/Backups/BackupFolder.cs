using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Backups;

/// <summary>
/// The files of the backups. Only the portal's own user can read them. A file has its name only once it is complete and on
/// the disk; until then it is called <c>.partial</c>.
/// </summary>
public sealed class BackupFolder(IOptions<BackupOptions> options)
{
    internal const string PartialSuffix = ".partial";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The folder, absolute.</summary>
    public string FullName => Path.GetFullPath(options.Value.Folder ?? throw new InvalidOperationException("Backups:Folder was not filled in by the host."));

    /// <summary>Where a backup's file lies, or would.</summary>
    /// <param name="fileName">As it is recorded; never from a request.</param>
    public string PathOf(string fileName) => Path.Combine(FullName, Path.GetFileName(fileName));

    internal string PartialPathOf(string fileName) => PathOf(fileName) + PartialSuffix;

    /// <summary>A new, empty partial file.</summary>
    internal FileStream CreatePartial(string fileName)
    {
        Directory.CreateDirectory(FullName, OwnerOnly | UnixFileMode.UserExecute);
        return new FileStream(PartialPathOf(fileName), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        });
    }

    /// <summary>Gives a partial file its name.</summary>
    internal void Complete(string fileName) => File.Move(PartialPathOf(fileName), PathOf(fileName));

    /// <summary>Removes a backup's file, whole or partial; none is fine.</summary>
    internal void Remove(string fileName)
    {
        if (Directory.Exists(FullName))
        {
            File.Delete(PartialPathOf(fileName));
            File.Delete(PathOf(fileName));
        }
    }

    /// <summary>Of a whole file, in lower-case hex.</summary>
    internal static async Task<string> ChecksumAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan | FileOptions.Asynchronous, BufferSize = 1 << 20 });
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }
}
