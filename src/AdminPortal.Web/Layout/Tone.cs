namespace AdminPortal.Web.Layout;

/// <summary>How much a status matters to the reader.</summary>
public enum Tone
{
    /// <summary>A fact, neither good nor bad.</summary>
    Neutral,
    Good,
    Notice,
    Bad,
}
