using System.Security.Cryptography;
using System.Text;
using AdminPortal.Data;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Backups;

/// <summary>
/// The files of the backups. Only the portal's own user can read them. A file has its name only once it is complete and on
/// the disk; until then it is called <c>.partial</c>.
/// </summary>
public sealed class BackupFolder(IOptions<BackupOptions> options)
{
    internal const string PartialSuffix = ".partial";

    /// <summary>Tells one folder from another of the same path on another machine.</summary>
    internal const string IdFile = ".adminportal-folder";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The folder, absolute.</summary>
    public string FullName => Path.GetFullPath(options.Value.Folder ?? throw new InvalidOperationException("Backups:Folder was not filled in by the host."));

    /// <summary>Where a backup's file lies, or would.</summary>
    /// <param name="fileName">As it is recorded; never from a request.</param>
    public string PathOf(string fileName) => Path.Combine(FullName, Path.GetFileName(fileName));

    internal string PartialPathOf(string fileName) => PathOf(fileName) + PartialSuffix;

    /// <summary>False for a backup that was written into another folder, on another machine: nothing can be said of its file here.</summary>
    public bool Has(BackupRow backup) => backup.Folder is null || backup.Folder == ReadId();

    /// <summary>What people are told of a backup that lies elsewhere.</summary>
    internal static string Elsewhere(BackupRow backup) =>
        $"Its file lies on {backup.Machine ?? "another machine"}, in a folder that this instance ({Environment.MachineName}) does not have. Give all instances one folder (Backups:Folder), or work on that machine.";

    /// <summary>The folder's id, made when the first backup is written into it. Null: nothing can be written there, which the backup itself will say.</summary>
    internal async Task<string?> EnsureIdAsync(CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(FullName, OwnerOnly | UnixFileMode.UserExecute);
            if (ReadId() is { } known)
            {
                return known;
            }

            var unfinished = PathOf($"{IdFile}-{Ids.New()}");
            await using (var file = new FileStream(unfinished, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            {
                await file.WriteAsync(Encoding.ASCII.GetBytes(Ids.New()), cancellationToken);
            }

            File.Move(unfinished, PathOf(IdFile), overwrite: false); // another instance may have been faster
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ReadId();
        }

        return ReadId();
    }

    /// <summary>Null: there is none, or another user's that cannot be read, whose backups could not be read either.</summary>
    private string? ReadId()
    {
        try
        {
            return File.Exists(PathOf(IdFile)) && File.ReadAllText(PathOf(IdFile)) is { Length: > 0 } id ? id : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

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
