namespace AdminPortal.Core.Alerts;

/// <summary>The words of <c>device_alerts.kind</c>.</summary>
public static class AlertKind
{
    /// <summary>The owner said that somebody else paired the device.</summary>
    public const string Disowned = "disowned";
}
