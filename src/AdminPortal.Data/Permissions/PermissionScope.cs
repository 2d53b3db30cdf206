using System.Text.Json.Serialization;
using NpgsqlTypes;

namespace AdminPortal.Data.Permissions;

/// <summary>What a device may do: the enum <c>public."PermissionScope"</c>, labels in this order.</summary>
[JsonConverter(typeof(EnumLabelConverter<PermissionScope>))]
public enum PermissionScope
{
    [PgName("READ_PATIENT_DATA"), JsonStringEnumMemberName("READ_PATIENT_DATA")]
    ReadPatientData,

    [PgName("WRITE_NOTES"), JsonStringEnumMemberName("WRITE_NOTES")]
    WriteNotes,

    [PgName("VIEW_TRANSCRIPT"), JsonStringEnumMemberName("VIEW_TRANSCRIPT")]
    ViewTranscript,

    [PgName("CONTROL_RECORDING"), JsonStringEnumMemberName("CONTROL_RECORDING")]
    ControlRecording,

    [PgName("ACCESS_DIAGNOSIS"), JsonStringEnumMemberName("ACCESS_DIAGNOSIS")]
    AccessDiagnosis,

    [PgName("VIEW_MEDICATIONS"), JsonStringEnumMemberName("VIEW_MEDICATIONS")]
    ViewMedications,

    [PgName("EDIT_SOAP_NOTES"), JsonStringEnumMemberName("EDIT_SOAP_NOTES")]
    EditSoapNotes,

    /// <summary>Implies every other scope; only an admin can grant it.</summary>
    [PgName("FULL_ACCESS"), JsonStringEnumMemberName("FULL_ACCESS")]
    FullAccess,
}
