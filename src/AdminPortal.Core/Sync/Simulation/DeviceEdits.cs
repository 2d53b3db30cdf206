using System.Globalization;
using System.Text.Json.Nodes;

namespace AdminPortal.Core.Sync.Simulation;

/// <summary>What people do on their phones, drawn from numbers, so that the same numbers do the same again.</summary>
public static class DeviceEdits
{
    /// <summary>One change offline. Every text that it writes is written once only.</summary>
    public static void Edit(this SimulatedDevice device, int choice)
    {
        var tasks = device.Disk.Rows.Values.Where(r => r.Entity == "task").Select(r => r.Id).Concat(device.Disk.Made.Where(m => m.Value == "task").Select(m => m.Key)).Order(StringComparer.Ordinal).ToList();
        var kind = choice % 10;
        var target = tasks.Count == 0 ? null : tasks[choice / 10 % tasks.Count];
        switch (kind)
        {
            case < 3 or _ when target is null:
                device.Edit("task", "create", device.NewId("task"), new JsonObject { ["title"] = device.NewId("title") });
                break;
            case 3:
                device.Edit("task", "delete", target, null);
                break;
            case 4:
                var isOwn = device.Disk.Made.ContainsKey(target) && !device.Disk.Ids.ContainsKey(target);
                var fields = new JsonObject { ["startedAt"] = "2030-01-01T08:00:00Z", ["durationSeconds"] = choice % 3600 };
                if (!isOwn)
                {
                    fields["taskId"] = device.Disk.Ids.GetValueOrDefault(target, target);
                }

                device.Edit("focusSession", "create", device.NewId("session"), fields, isOwn ? target : null);
                break;
            case 5 or 6:
                device.Edit("task", "update", target, new JsonObject { ["notes"] = device.NewId("notes") });
                break;
            default:
                device.Edit("task", "update", target, new JsonObject { ["title"] = device.NewId("title"), ["dueAt"] = string.Create(CultureInfo.InvariantCulture, $"2030-01-{(choice % 28) + 1:00}T08:00:00Z") });
                break;
        }
    }
}
