namespace AdminPortal.Web.Pairing;

/// <summary>What the pairing page shows.</summary>
internal enum PairView
{
    Loading,
    NotLinked,
    Unavailable,
    Choosing,
    Showing,
    Confirming,
    Finishing,
    Done,
    Failed,
}
