namespace AdminPortal.Core.Tests.Backups;

/// <summary>A folder with programs that answer to <c>--version</c> and do nothing else.</summary>
internal sealed class FakeTools : IDisposable
{
    public FakeTools(string version)
    {
        foreach (var name in new[] { "pg_dump", "pg_restore" })
        {
            var path = Path.Combine(Folder, name);
            File.WriteAllText(path, $"#!/bin/sh\necho '{name} (PostgreSQL) {version} (Debian {version}-1)'\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("adminportal-tools-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
