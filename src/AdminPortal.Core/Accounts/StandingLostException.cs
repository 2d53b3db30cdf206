namespace AdminPortal.Core.Accounts;

/// <summary>The actor's sign-in counts no more, and nothing was changed. API: 401; an open page leads to the sign-in page.</summary>
public sealed class StandingLostException() : Exception("You are signed out, or your account was changed. Nothing was changed by this; sign in again.");
