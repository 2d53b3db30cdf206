namespace AdminPortal.Core.Accounts;

/// <summary>The actor's last sign-in is too long ago for this, and nothing was changed. Pages ask, and try again; programs sign in again.</summary>
public sealed class FreshSignInNeededException() : Exception("Confirm that it is you first: for this, a sign-in of the last five minutes is needed. Nothing was changed.");
