using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Permissions;

/// <summary>The scopes in people's words: a short label, and one sentence on what a device can do with it.</summary>
public static class ScopeLabels
{
    /// <summary>Every scope, in the order of the database's enum.</summary>
    public static IReadOnlyList<PermissionScope> All { get; } = Enum.GetValues<PermissionScope>();

    public static string Of(PermissionScope scope) => scope switch
    {
        PermissionScope.ReadPatientData => "Read patient data",
        PermissionScope.WriteNotes => "Write notes",
        PermissionScope.ViewTranscript => "View transcripts",
        PermissionScope.ControlRecording => "Control recording",
        PermissionScope.AccessDiagnosis => "See diagnoses",
        PermissionScope.ViewMedications => "View medications",
        PermissionScope.EditSoapNotes => "Edit SOAP notes",
        PermissionScope.FullAccess => "Full access",
        _ => scope.ToString(),
    };

    public static string Explain(PermissionScope scope) => scope switch
    {
        PermissionScope.ReadPatientData => "Shows names, contact data and records of patients.",
        PermissionScope.WriteNotes => "Adds notes to a patient's record.",
        PermissionScope.ViewTranscript => "Shows what was said in recorded conversations.",
        PermissionScope.ControlRecording => "Starts, pauses and stops recordings.",
        PermissionScope.AccessDiagnosis => "Shows diagnoses and what led to them.",
        PermissionScope.ViewMedications => "Shows what a patient takes, and how much.",
        PermissionScope.EditSoapNotes => "Changes the structured notes of a visit.",
        PermissionScope.FullAccess => "Everything on this list, also what is added to it later. Only an administrator can grant it.",
        _ => "",
    };

    /// <summary>The label for a stored word such as <c>ReadPatientData</c> or <c>READ_PATIENT_DATA</c>; the word itself when unknown.</summary>
    public static string OfWord(string word) =>
        Enum.TryParse<PermissionScope>(word.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var scope) ? Of(scope) : word;
}
