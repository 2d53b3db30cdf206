using System.ComponentModel.DataAnnotations;

namespace AdminPortal.Core.Backups;

/// <summary>Section <c>Backups</c> of the configuration.</summary>
public sealed class BackupOptions
{
    public const string Section = "Backups";

    /// <summary>Where the files lie; absent: <c>backups</c> in the portal's data folder, which the host fills in.</summary>
    public string? Folder { get; set; }

    /// <summary>The folder with pg_dump and pg_restore; absent: they are looked for in PATH and where Debian puts them.</summary>
    public string? ToolsFolder { get; set; }

    /// <summary>A file with a key of 32 bytes, by which new backups are encrypted; absent: they are not.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Files with keys of before, to read the backups that were encrypted with them.</summary>
    public IList<string> OldKeyFiles { get; } = [];

    /// <summary>The newest complete backups of a target that retention leaves alone, however old they are.</summary>
    [Range(1, 10_000, ErrorMessage = "Backups:KeepCount must be between 1 and 10000.")]
    public int KeepCount { get; set; } = 7;

    /// <summary>Backups that are younger than so many days are left alone, however many there are.</summary>
    [Range(0, 36_500, ErrorMessage = "Backups:KeepDays must be between 0 and 36500.")]
    public int KeepDays { get; set; } = 30;

    /// <summary>Counting a target's rows is given up after so long; its backup then has no counts to be compared with.</summary>
    [Range(1, 86_400, ErrorMessage = "Backups:CountSeconds must be between 1 and 86400.")]
    public int CountSeconds { get; set; } = 600;

    /// <summary>The dump waits so long for a table that somebody has locked, and then fails.</summary>
    [Range(1, 86_400, ErrorMessage = "Backups:LockSeconds must be between 1 and 86400.")]
    public int LockSeconds { get; set; } = 60;
}
