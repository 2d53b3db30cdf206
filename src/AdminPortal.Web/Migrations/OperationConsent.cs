namespace AdminPortal.Web.Migrations;

/// <summary>What a person agreed to in the dialog.</summary>
public sealed record OperationConsent(bool WithBackup, string? Reason);
