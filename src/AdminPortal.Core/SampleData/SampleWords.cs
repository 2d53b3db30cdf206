namespace AdminPortal.Core.SampleData;

/// <summary>What the people and devices of a crowd are called. None of it needs escaping in COPY's text.</summary>
internal static class SampleWords
{
    public const string FullAccess = "FULL_ACCESS";

    public static readonly string[] FirstNames =
    [
        "Amara", "Anna", "Benedikt", "Bilal", "Chiara", "Chloe", "Daniel", "Dmitri", "Elif", "Emil", "Eun-ji", "Fatima", "Femi", "Goran", "Grace", "Hanna",
        "Hugo", "Iker", "Ines", "Jamal", "Jelena", "Jonas", "Kofi", "Leila", "Lin", "Luca", "Maria", "Mateo", "Mei", "Nadia", "Nils", "Noor",
        "Olga", "Pavel", "Priya", "Rosa", "Samir", "Sofia", "Tomas", "Yusuf",
    ];

    public static readonly string[] LastNames =
    [
        "Abebe", "Ahmed", "Almeida", "Andersson", "Bakker", "Becker", "Bianchi", "Chen", "Costa", "Dubois", "Eriksen", "Farkas", "Fischer", "Garcia", "Gupta", "Hansen",
        "Haddad", "Horvat", "Ibrahim", "Ivanova", "Jensen", "Kaya", "Kim", "Kovacs", "Kowalski", "Lehmann", "Lim", "Lopez", "Martin", "Mensah", "Meyer", "Moreau",
        "Nakamura", "Nguyen", "Novak", "Okafor", "Oliveira", "Petrov", "Popescu", "Rahman", "Rossi", "Saleh", "Schmidt", "Silva", "Singh", "Suzuki", "Tanaka", "Tran",
        "Virtanen", "Wagner", "Wang", "Weber", "Yilmaz", "Zhang", "Zimmer",
    ];

    /// <summary>A <c>#</c> becomes a number.</summary>
    public static readonly (string Name, string Type, string Platform, string Os)[] Models =
    [
        ("iPhone", "MOBILE_IOS", "ios", "19.1"), ("iPhone", "MOBILE_IOS", "ios", "18.6"), ("Work iPhone #", "MOBILE_IOS", "ios", "19.1"),
        ("Android phone", "MOBILE_ANDROID", "android", "16"), ("Pixel #", "MOBILE_ANDROID", "android", "15"), ("On-call phone #", "MOBILE_ANDROID", "android", "14"),
        ("Ward tablet #", "TABLET", "android", "16"), ("Front desk tablet", "TABLET", "ios", "18.6"),
        ("Office desktop #", "DESKTOP", "windows", "11 24H2"), ("Laptop of room #", "DESKTOP", "macos", "26"), ("Lab workstation #", "DESKTOP", "linux", "6.12"),
    ];

    public static readonly string[] Networks = ["10.20", "10.31", "172.16", "192.168", "198.51", "203.0"];

    public static readonly string[] Versions = ["2.4.1", "2.4.1", "2.4.1", "2.4.0", "2.4.0", "2.3.2", "2.3.1", "2.2.0", "2.1.4", "1.9.2"];

    /// <summary>All but the one for everything, which is rare.</summary>
    public static readonly string[] Scopes =
    [
        "READ_PATIENT_DATA", "WRITE_NOTES", "VIEW_TRANSCRIPT", "CONTROL_RECORDING", "ACCESS_DIAGNOSIS", "VIEW_MEDICATIONS", "EDIT_SOAP_NOTES",
    ];

    public static T Pick<T>(T[] words, Random random) => words[random.Next(words.Length)];
}
