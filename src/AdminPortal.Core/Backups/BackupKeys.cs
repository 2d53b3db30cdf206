using AdminPortal.Core.Secrets;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Backups;

/// <summary>The keys that <see cref="BackupOptions"/> name; read once.</summary>
internal sealed class BackupKeys
{
    private readonly Dictionary<string, SecretKey> known = new(StringComparer.Ordinal);

    public BackupKeys(IOptions<BackupOptions> options)
    {
        foreach (var (setting, path) in Files(options.Value))
        {
            var (key, problem) = SecretKey.Read(setting, path);
            known[(key ?? throw new OptionsValidationException(BackupOptions.Section, typeof(BackupOptions), [problem!])).Id] = key;
            Current = path == options.Value.KeyFile ? key : Current;
        }
    }

    /// <summary>With what new backups are encrypted; null: they are not.</summary>
    public SecretKey? Current { get; }

    /// <summary>Of a backup that is encrypted; null for one that is not.</summary>
    /// <exception cref="Runs.RunFailedException">Its key is not there.</exception>
    public SecretKey? Of(BackupRow backup) => backup.KeyId is null ? null : known.GetValueOrDefault(backup.KeyId) ?? throw new Runs.RunFailedException(Missing(backup)!);

    /// <summary>What people are told of a backup whose key is not there; null: it can be read.</summary>
    public string? Missing(BackupRow backup) => backup.KeyId is null || known.ContainsKey(backup.KeyId) ? null
        : $"It is encrypted with the key {backup.KeyId}, which this portal does not have ({(known.Count == 0 ? "it has none" : $"it has {string.Join(", ", known.Keys)}")}). Give the key's file as Backups:KeyFile or Backups:OldKeyFiles. Nothing was changed.";

    internal static IEnumerable<(string Setting, string Path)> Files(BackupOptions options) =>
    [
        .. options.KeyFile is { Length: > 0 } current ? [($"{BackupOptions.Section}:{nameof(BackupOptions.KeyFile)}", current)] : Array.Empty<(string, string)>(),
        .. options.OldKeyFiles.Select((path, i) => ($"{BackupOptions.Section}:{nameof(BackupOptions.OldKeyFiles)}:{i}", path)),
    ];
}

/// <summary>A key file that is not there stops the start, not the backup of the night.</summary>
internal sealed class BackupKeysValidator : IValidateOptions<BackupOptions>
{
    public ValidateOptionsResult Validate(string? name, BackupOptions options)
    {
        var problems = BackupKeys.Files(options).Select(file => SecretKey.Read(file.Setting, file.Path).Problem).OfType<string>().ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
