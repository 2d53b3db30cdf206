using AdminPortal.Core.Accounts;

namespace AdminPortal.Web.Migrations;

/// <summary>What a person agreed to in the dialog.</summary>
/// <param name="Proof">As typed; null: nothing was asked for.</param>
public sealed record OperationConsent(bool WithBackup, string? Reason, FreshAnswer? Proof = null);
