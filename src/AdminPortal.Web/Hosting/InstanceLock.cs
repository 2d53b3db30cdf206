using System.Text.Json;

namespace AdminPortal.Web.Hosting;

/// <summary>Keeps two portals from working on one data folder. The system frees the lock of a portal that dies.</summary>
internal sealed class InstanceLock : IDisposable
{
    private readonly FileStream lockFile;
    private readonly string noteFile;

    private InstanceLock(FileStream lockFile, string noteFile) => (this.lockFile, this.noteFile) = (lockFile, noteFile);

    /// <summary>Who holds a folder: a note for people, never trusted as a lock.</summary>
    internal sealed record Holder(int ProcessId, string? Url);

    /// <summary>The lock, or null while another process has it.</summary>
    public static InstanceLock? TryAcquire(string dataFolder)
    {
        try
        {
            var stream = new FileStream(Path.Combine(dataFolder, "portal.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var held = new InstanceLock(stream, NoteFile(dataFolder));
            held.Announce(url: null);
            return held;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static Holder? ReadHolder(string dataFolder)
    {
        try
        {
            return JsonSerializer.Deserialize<Holder>(File.ReadAllText(NoteFile(dataFolder)));
        }
        catch (Exception failure) when (failure is IOException or JsonException)
        {
            return null; // just being written, or removed
        }
    }

    public void Announce(string? url) =>
        File.WriteAllText(noteFile, JsonSerializer.Serialize(new Holder(Environment.ProcessId, url)));

    public void Dispose()
    {
        File.Delete(noteFile);
        lockFile.Dispose();
    }

    private static string NoteFile(string dataFolder) => Path.Combine(dataFolder, "portal.json");
}
