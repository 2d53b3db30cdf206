namespace AdminPortal.Web.Pairing;

/// <summary>What the pairing page shows.</summary>
internal enum PairView
{
    Loading,
    NotLinked,
    Unavailable,
    Choosing,
    Showing,

    /// <summary>This browser is being paired itself.</summary>
    Here,
    Confirming,
    Finishing,
    Done,
    Failed,
}
