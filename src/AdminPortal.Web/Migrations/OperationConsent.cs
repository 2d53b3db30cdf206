namespace AdminPortal.Web.Migrations;

/// <summary>What a person agreed to in the dialog.</summary>
/// <param name="Password">As typed; null: not asked for.</param>
public sealed record OperationConsent(bool WithBackup, string? Reason, string? Password = null);
