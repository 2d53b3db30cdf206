namespace AdminPortal.Core.Verification;

/// <summary>How far a verification is: so many checks are done, and this one looks now.</summary>
public sealed record VerificationProgress(int Done, int Total, string Title);
